// A WebSocket client that may break the rules: it sends any bytes and shows the
// frames that come back.
import { once } from "node:events";
import net from "node:net";

/** One client frame; `bits` is its first byte, unmasked when asked for. */
export function frame(bits, payload = "", { masked = true } = {}) {
  const data = Buffer.from(payload);
  const length = data.length < 126 ? [data.length]
    : data.length < 65536 ? [126, data.length >> 8, data.length & 255]
      : [127, 0, 0, 0, 0, ...[24, 16, 8, 0].map((s) => (data.length >>> s) & 255)];
  if (!masked) return Buffer.concat([Buffer.from([bits, ...length]), data]);
  const mask = [1, 2, 3, 4];
  length[0] |= 0x80;
  return Buffer.concat([Buffer.from([bits, ...length, ...mask]),
    data.map((byte, i) => byte ^ mask[i % 4])]);
}

export const fin = 0x80;
export const [continuation, text, close, ping, pong] = [0, 1, 8, 9, 10];

export class RawClient {
  /** Connects and shakes hands. */
  static async open(port) {
    const client = new RawClient(port);
    client.socket.write("GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
      + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
      + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n");
    await client.#until(() => client.bytes.includes("\r\n\r\n"));
    client.head = client.bytes.subarray(0, client.bytes.indexOf("\r\n\r\n"));
    client.bytes = client.bytes.subarray(client.head.length + 4);
    return client;
  }

  constructor(port) {
    this.bytes = Buffer.alloc(0);
    this.ended = false;
    this.socket = net.connect(port, "127.0.0.1");
    this.socket.setNoDelay(true);
    this.socket.on("data", (data) => {
      this.bytes = Buffer.concat([this.bytes, data]);
      this.socket.emit("progress");
    });
    this.socket.on("error", () => {});
    this.socket.on("close", () => {
      this.ended = true;
      this.socket.emit("progress");
    });
  }

  send(...frames) {
    this.socket.write(Buffer.concat(frames));
  }

  /** The next frame: { opcode, payload }, or null when the socket has ended. */
  async next() {
    await this.#until(() => this.#size() !== undefined);
    const size = this.#size();
    if (size === undefined) return null;
    const opcode = this.bytes[0] & 15;
    const payload = this.bytes.subarray(size.header, size.header + size.payload);
    this.bytes = this.bytes.subarray(size.header + size.payload);
    return { opcode, payload };
  }

  /** The code of the close frame, skipping what comes before. */
  async closeCode() {
    for (;;) {
      const got = await this.next();
      if (got === null) return "no close frame";
      if (got.opcode === close) return got.payload.readUInt16BE(0);
    }
  }

  end() {
    this.socket.destroy();
  }

  #size() {
    const bytes = this.bytes;
    if (bytes.length < 2) return undefined;
    let [header, payload] = [2, bytes[1]];
    if (payload === 126) {
      if (bytes.length < 4) return undefined;
      [header, payload] = [4, bytes.readUInt16BE(2)];
    } else if (payload === 127) {
      if (bytes.length < 10) return undefined;
      [header, payload] = [10, Number(bytes.readBigUInt64BE(2))];
    }
    return bytes.length < header + payload ? undefined : { header, payload };
  }

  async #until(condition) {
    while (!this.ended && !condition()) await once(this.socket, "progress");
  }
}
