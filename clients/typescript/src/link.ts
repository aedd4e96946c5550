import type { Frame } from "./frame.js";

/** What is used of a WebSocket. */
export interface Socket {
  readonly readyState: number;
  onopen: ((event: any) => void) | null;
  onmessage: ((event: any) => void) | null;
  onclose: ((event: any) => void) | null;
  onerror: ((event: any) => void) | null;
  send(text: string): void;
  close(code?: number, reason?: string): void;
}

/** What makes one. */
export type SocketType = new (url: string, protocols: string[]) => Socket;

/** Who hears of it. Nothing is said after the end. */
export interface LinkEvents {
  opened(): void;
  heard(frame: Frame): void;
  lost(code: number, message: string): void;
}

/** One socket, from its making to its end. */
export type Link = ReturnType<typeof makeLink>;

export function makeLink(socket: Socket, events: LinkEvents) {
  socket.onopen = events.opened;
  socket.onclose = ({ code, reason = "" }) => end(code, reason);
  socket.onmessage = ({ data }) => {
    let frame;
    try {
      frame = JSON.parse(data);
    } catch {
      return end(1002, "this is no Flamigo server");
    }
    events.heard(frame);
  };
  // Some (Node's own) say nothing else of a server that is not there; all others
  // say "close" before the next task.
  socket.onerror = () => setTimeout(() => socket.onclose?.({ code: 1006 }));

  function end(code: number, message: string): void {
    drop();
    events.lost(code, message);
  }

  /** Ends it, and has it say no more. */
  function drop(): void {
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.onerror = () => {};
    socket.close();
  }

  const link = {
    /** The longest message, in bytes. */
    longest: 0,
    isUp: () => socket.readyState === 1,
    /** How many bytes that is. */
    send(text: string): number {
      const { length } = new TextEncoder().encode(text);
      link.longest = Math.max(link.longest, length);
      socket.send(text);
      return length;
    },
    drop,
  };
  return link;
}
