// What `flamigo contract --typescript` makes of a program is what `connect`
// takes, and a type that changes in C++ no longer compiles here.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const bin = (name) => path.join(process.env.FLAMIGO_BIN, name);
const dir = mkdtempSync(path.join(tmpdir(), "generated-"));
after(() => rmSync(dir, { recursive: true }));

const page = `
import { connect, FlamigoError } from "${root}dist/index.js";
import type { Contract } from "./contract.js";

const api = connect<Contract>("ws://127.0.0.1:1/ws");
export async function use(): Promise<number> {
  const who = await api.call("app::chat:whoami");
  const { id } = await api.call("app::chat:post", { room: who.name ?? "", text: "hi" });
  const { messages } = await api.call("app::chat:history", { room: "a" });
  const room = api.channel("rooms/42", { presence: true });
  room.on("chat:message", ({ author, text }, { offset }) =>
    console.log(author.length, text.length, offset));
  room.on("presence", ({ members }) => members.map(({ state }) => state.name.length));
  // @ts-expect-error: the room is missing
  await api.call("app::chat:post", { text: "hi" }).catch((e: FlamigoError) => e.code);
  // @ts-expect-error: there is no such strategy for clients
  await api.call("app::chat:enter", null);
  // @ts-expect-error: there is no such event
  room.on("chat:gone", () => {});
  return id + messages.length;
}
`;

function compile(contract) {
  writeFileSync(path.join(dir, "contract.json"), contract);
  execFileSync(bin("flamigo"), ["contract", "--typescript", "--from",
    path.join(dir, "contract.json"), "-o", path.join(dir, "contract.ts")]);
  writeFileSync(path.join(dir, "page.ts"), page);
  return spawnSync(path.join(root, "node_modules/.bin/tsc"), ["--strict",
    "--noEmit", "--target", "es2022", "--module", "nodenext", "--lib",
    "es2023,dom", "--types", "", "page.ts"], { cwd: dir, encoding: "utf8" });
}

test("a program's types are those of the client", () => {
  const contract = execFileSync(bin("flamigo-chat"), ["--contract"],
    { encoding: "utf8" });
  const { status, stdout } = compile(contract);
  assert.equal(status, 0, stdout);
  const renamed = compile(contract.replaceAll('"text"', '"words"'));
  assert.notEqual(renamed.status, 0);
  assert.match(renamed.stdout, /page\.ts.*'?text'?/);
});
