// What compiles, and what does not: tsc is the test.
import { connect, FlamigoError, type Channel, type Contract, type State }
  from "@flamigo/client";
import type { Chat } from "./chat.js";

/** Whether two types are the same. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends
  (<T>() => T extends B ? 1 : 2) ? true : false;

function is<_T extends true>(): void {}

const api = connect<Chat>("/ws", {
  token: async () => ({ token: "t", expiresInMs: 1000 }),
});
const shape: Contract = {} as Chat;
void shape;

// -- calls --------------------------------------------------------------------

const posted = api.call("app::chat:post", { room: "42", text: "hi" });
is<Same<typeof posted, Promise<{ id: number }>>>();
is<Same<Awaited<ReturnType<typeof whoami>>, { name: string }>>();
function whoami() {
  return api.call("app::chat:whoami");
}
api.call("app::chat:whoami", null, { timeout: 100, idempotent: true });
api.call("app::chat:ping");
api.call("app::chat:history", { room: "42" });
// @ts-expect-error there is no such strategy
api.call("app::chat:shout", { room: "42", text: "hi" });
// @ts-expect-error the text is missing
api.call("app::chat:post", { room: "42" });
// @ts-expect-error the room is a text
api.call("app::chat:post", { room: 42, text: "hi" });
// @ts-expect-error there is no such member
api.call("app::chat:post", { room: "42", text: "hi", colour: "red" });
// @ts-expect-error the input is missing
api.call("app::chat:post");
// @ts-expect-error it takes nothing
api.call("app::chat:whoami", { name: "Ada" });
// @ts-expect-error it waits or rejects
api.call("app::chat:whoami", null, { offline: "maybe" });
// @ts-expect-error it answers in parts
api.call("app::report:rows", { month: "May" });
api.call("app::chat:whoami").catch((error: unknown) => {
  if (error instanceof FlamigoError && error.fieldErrors[0])
    return error.fieldErrors[0].field satisfies string;
  return undefined;
});

// -- streams ------------------------------------------------------------------

async function rows() {
  for await (const row of api.stream("app::report:rows", { month: "May" }))
    is<Same<typeof row, { n: number }>>();
  for await (const row of api.stream("app::report:all"))
    is<Same<typeof row, string>>();
  // @ts-expect-error it answers once
  api.stream("app::chat:whoami");
}

// -- events -------------------------------------------------------------------

api.on("chat:message", ({ text }, { offsets }) => {
  is<Same<typeof text, string>>();
  is<Same<typeof offsets, Record<string, number>>>();
});
api.on("error", (error) => is<Same<typeof error, FlamigoError>>());
// @ts-expect-error there is no such event
api.on("chat:massage", () => {});
// @ts-expect-error it has another shape
api.on("chat:deleted", ({ text }) => text);

// -- channels -----------------------------------------------------------------

const id: string = "42";
const room = api.channel(`rooms/${id}`, { input: { seat: 1 }, presence: true });
is<Same<typeof room, Channel<Chat["channels"]["rooms/{id}"]>>>();
room.on("chat:message", ({ text }, { offset }) => {
  is<Same<typeof text, string>>();
  is<Same<typeof offset, number | undefined>>();
});
room.on("subscribed", ({ result, recovered }) => {
  is<Same<typeof result, { row: number }>>();
  is<Same<typeof recovered, boolean | undefined>>();
});
room.on("presence", ({ members, left }) => {
  is<Same<(typeof members)[number]["state"], { name: string }>>();
  is<Same<typeof left, string[]>>();
});
is<Same<(typeof room)["members"][number]["state"], { name: string }>>();
api.channel("rooms/42/typing").on("typing", ({ who }) => who);
api.channel("teams/7").on("goal", (n) => n + 1);
api.channel("news").on("headline", (text) => text.length);
// @ts-expect-error there is no such channel
api.channel("room/42");
// @ts-expect-error it is not below one
api.channel("rooms/42/typing/fast");
// @ts-expect-error a pattern is no topic of one segment less
api.channel("teams");
// @ts-expect-error it has no such event
room.on("typing", () => {});
// @ts-expect-error a seat has a number
api.channel("rooms/42", { input: { seat: "one" } });

// -- questions ----------------------------------------------------------------

api.onRequest("trade:confirm", ({ id }, { signal }) => id > 1 && !signal.aborted);
api.onRequest("trade:confirm", async () => true);
// @ts-expect-error the answer is yes or no
api.onRequest("trade:confirm", () => "yes");
// @ts-expect-error nobody asks that
api.onRequest("trade:cancel", () => true);

// -- states -------------------------------------------------------------------

function text(state: State): string {
  switch (state.name) {
    case "connecting": return `${state.attempt}`;
    case "authenticating": case "open": return state.name;
    case "waiting": return `${state.reason.message}, ${state.retryInMs ?? 0}`;
    case "offline": return state.reason?.why ?? "offline";
    case "closed": return `${state.reason.code ?? state.reason.why}`;
  }
}
api.onState((state) => text(state));
// @ts-expect-error it has a reason only where it waits
api.onState((state) => state.reason);

// -- without a contract, or with a part of one --------------------------------

const any = connect("wss://example.org/ws");
any.call("app::a:b", { whatever: 1 }).then((answer) => answer.more);
any.channel("rooms/42").on("anything", (payload) => payload.text);
any.on("anything", (payload) => payload.text);
const part = connect<{ calls: Chat["calls"] }>("/ws");
part.call("app::chat:whoami");
// @ts-expect-error it has no events
part.on("chat:message", () => {});

export { rows, whoami, posted };
