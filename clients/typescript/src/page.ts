/**
 * What surrounds the client; `globalThis` where nothing else is given. It tells of
 * the network ("online") and of a page that the browser keeps for the way back
 * ("pagehide" and "pageshow", with `persisted`).
 */
export interface Page {
  navigator?: { onLine?: boolean };
  addEventListener?(type: string, f: (event: any) => void): void;
  removeEventListener?(type: string, f: (event: any) => void): void;
}
