// What the contract's types let through, and what they do not: test/types.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import assert from "node:assert/strict";
import { test } from "node:test";

test("the types hold", () => {
  const tsc = fileURLToPath(new URL("../node_modules/.bin/tsc", import.meta.url));
  const { status, stdout } = spawnSync(tsc,
    ["-p", fileURLToPath(new URL("types", import.meta.url))],
    { encoding: "utf8" });
  assert.equal(status, 0, stdout);
});
