/** A contract as the program writes it. */
export interface Chat {
  calls: {
    "app::chat:post": {
      input: { room: string; text: string };
      output: { id: number };
    };
    "app::chat:whoami": { input: null; output: { name: string } };
    "app::chat:ping": { output: null };
    "app::chat:history": {
      input: { room: string; limit?: number };
      output: { id: number; text: string }[];
    };
  };
  streams: {
    "app::report:rows": { input: { month: string }; item: { n: number } };
    "app::report:all": { input: null; item: string };
  };
  events: {
    "chat:message": { text: string };
    "chat:deleted": { id: number };
  };
  channels: {
    "news": { events: { headline: string } };
    "rooms/{id}": {
      input: { seat: number };
      result: { row: number };
      events: { "chat:message": { text: string } };
      presence: { name: string };
    };
    "rooms/{id}/typing": { events: { typing: { who: string } } };
    "teams/*": { events: { goal: number } };
  };
  requests: {
    "trade:confirm": { input: { id: number }; output: boolean };
  };
}
