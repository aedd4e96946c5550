// What comes with Prometheus.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import path from "node:path";

/** The distribution's, installed or unpacked. */
export function tool(name) {
  const unpacked = path.join(process.env.FLAMIGO_PROXIES ?? "", "usr/bin", name);
  return existsSync(unpacked) ? unpacked : name;
}

/** Fails where promtool finds fault with a page of metrics. */
export async function checkPage(page) {
  const check = spawn(tool("promtool"), ["check", "metrics"],
    { stdio: ["pipe", "pipe", "pipe"] });
  let said = "";
  check.stdout.on("data", (text) => (said += text));
  check.stderr.on("data", (text) => (said += text));
  check.stdin.end(page);
  const [code] = await once(check, "close");
  assert.equal(said, "");
  assert.equal(code, 0);
}
