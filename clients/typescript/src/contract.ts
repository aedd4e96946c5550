/**
 * What a server and its clients say to each other, as types. `connect<C>` takes
 * any type of this shape, interface or alias; each part may be missing:
 *
 *     interface Chat {
 *       calls: {
 *         "app::chat:post": { input: { room: string; text: string };
 *                             output: { id: number } };
 *         "app::chat:whoami": { input: null; output: { name: string } };
 *       };
 *       streams: {
 *         "app::report:rows": { input: { month: string }; item: { n: number } };
 *       };
 *       events: { "chat:message": { text: string } };
 *       channels: {
 *         "rooms/{id}": {
 *           input: null;      // what the channel runs first takes, if anything
 *           result: null;     // and what it answers
 *           events: { "chat:message": { text: string } };
 *           presence: { name: string };
 *         };
 *       };
 *       requests: { "trade:confirm": { input: { id: number };
 *                                      output: boolean } };
 *     }
 *
 * `calls` are strategies with one answer, `streams` those that answer in parts,
 * `events` what the server pushes, `requests` what it asks. An `input` that may
 * be null or undefined may be left out. A channel's name is its topic; a segment
 * in braces, or `*`, stands for any one.
 */
export interface Contract {
  calls?: object;
  streams?: object;
  events?: object;
  channels?: object;
  requests?: object;
}

/** What `connect` takes without a contract: any name, and any payload. */
export interface AnyContract {
  calls: { [name: string]: { input: any; output: any } };
  streams: { [name: string]: { input: any; item: any } };
  events: { [name: string]: any };
  channels: {
    [topic: string]: {
      input: any;
      result: any;
      events: { [name: string]: any };
      presence: any;
    };
  };
  requests: { [name: string]: { input: any; output: any } };
}
