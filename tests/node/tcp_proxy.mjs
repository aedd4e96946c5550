// What stands between a page and a server, and can be cut or held up.
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
    this.isHeld = false;
    this.sockets = new Set();
    /** By each socket, that which gets what it sends. */
    this.others = new Map();
    this.listener = net.createServer((near) => {
      if (this.isCut) return near.destroy();
      const far = net.connect(this.to, "127.0.0.1");
      for (const [socket, other] of [[near, far], [far, near]]) {
        this.sockets.add(socket);
        this.others.set(socket, other);
        if (!this.isHeld) socket.pipe(other);
        socket.on("error", () => {});
        socket.on("close", () => {
          this.sockets.delete(socket);
          this.others.delete(socket);
          other.destroy();
        });
      }
    });
  }

  /** Ends every connection. */
  sever() {
    for (const socket of this.sockets) socket.destroy();
  }

  /** The same, with those that come. */
  cut() {
    this.isCut = true;
    this.sever();
  }

  mend() {
    this.isCut = false;
  }

  /** Keeps what is sent, until `release`. */
  hold() {
    this.isHeld = true;
    for (const [socket, other] of this.others) socket.unpipe(other);
  }

  release() {
    if (!this.isHeld) return;
    this.isHeld = false;
    for (const [socket, other] of this.others) socket.pipe(other);
  }

  stop() {
    this.cut();
    this.listener.close();
  }
}
