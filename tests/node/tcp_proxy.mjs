// What stands between a page and a server, and can be cut.
import { once } from "node:events";
import net from "node:net";

export class TcpProxy {
  /** Passes on to a port of this machine, from a free one of its own. */
  static async start(to) {
    const proxy = new TcpProxy(to);
    proxy.listener.listen(0, "127.0.0.1");
    await once(proxy.listener, "listening");
    proxy.port = proxy.listener.address().port;
    return proxy;
  }

  constructor(to) {
    this.to = to;
    this.isCut = false;
    this.sockets = new Set();
    this.listener = net.createServer((near) => {
      if (this.isCut) return near.destroy();
      const far = net.connect(this.to, "127.0.0.1");
      near.pipe(far).pipe(near);
      for (const [socket, other] of [[near, far], [far, near]]) {
        this.sockets.add(socket);
        socket.on("error", () => {});
        socket.on("close", () => {
          this.sockets.delete(socket);
          other.destroy();
        });
      }
    });
  }

  /** Ends every connection, and those that come. */
  cut() {
    this.isCut = true;
    for (const socket of this.sockets) socket.destroy();
  }

  mend() {
    this.isCut = false;
  }

  stop() {
    this.cut();
    this.listener.close();
  }
}
