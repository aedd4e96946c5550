// The package as npm packs it, in a fresh project of Vite and TypeScript.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync }
  from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";

const here = fileURLToPath(new URL("..", import.meta.url));

/** The version of a package that is installed here. */
function versionOf(name) {
  const file = path.join(here, "node_modules", name, "package.json");
  return JSON.parse(readFileSync(file)).version;
}

const main = `
  import { connect, type FlamigoError } from "@flamigo/client";
  import { useCall } from "@flamigo/client/react";

  interface Contract {
    calls: { "app::hello:greet": { input: { name: string }; output: string } };
  }

  const api = connect<Contract>("/ws");
  api.call("app::hello:greet", { name: "Ada" })
    .then((text: string) => document.body.append(text),
      (error: FlamigoError) => console.log(error.code));
  export const useGreeting = (name: string): string | undefined =>
    useCall(api, "app::hello:greet", { name }).data;`;

test("a fresh project builds with it", { timeout: 240_000 }, (t) => {
  const dir = mkdtempSync(path.join(tmpdir(), "flamigo-client-"));
  const run = (command, ...args) => {
    const { status, stdout, stderr } = spawnSync(command, args,
      { cwd: dir, encoding: "utf8" });
    assert.equal(status, 0, `${command} ${args.join(" ")}: ${stdout}${stderr}`);
    return stdout;
  };
  const write = (name, text) => writeFileSync(path.join(dir, name), text);
  try {
    run("npm", "pack", here, "--ignore-scripts", "--silent");
    const [archive] = readdirSync(dir);
    const files = run("tar", "-tzf", archive).trim().split("\n");
    assert.ok(files.every((name) => /^package\/(dist\/|README|package\.json)/
      .test(name)), files.join("\n"));
    assert.ok(files.includes("package/dist/index.d.ts"));
    write("package.json", JSON.stringify({ name: "fresh", private: true,
      type: "module" }));
    const others = ["vite", "typescript", "react", "@types/react"].map((name) =>
      `${name}@${versionOf(name)}`);
    run("npm", "install", "--prefer-offline", "--no-audit", "--no-fund",
      "--ignore-scripts", `./${archive}`, ...others);
    write("index.html", '<script type="module" src="/main.ts"></script>');
    write("main.ts", main);
    write("tsconfig.json", JSON.stringify({ compilerOptions: { strict: true,
      module: "ESNext", moduleResolution: "Bundler", noEmit: true, types: [],
      target: "ES2022", lib: ["ES2022", "DOM"] }, files: ["main.ts"] }));
    run("npx", "--no-install", "tsc");
    run("npx", "--no-install", "vite", "build");
    assert.ok(readdirSync(path.join(dir, "dist/assets")).length > 0);
    // A member that has another name is seen.
    write("main.ts", main.replace("{ name: string }", "{ who: string }"));
    assert.throws(() => run("npx", "--no-install", "tsc"), /'name' does not exist/);
    // Without a bundler.
    write("plain.js", `import { connect } from "@flamigo/client";
      try { connect("ws://127.0.0.1:1/ws", { WebSocket: null }); }
      catch (error) { console.log(error.message); }`);
    assert.match(run("node", "plain.js"), /there is no WebSocket: give one/);
    t.diagnostic(others.join(", "));
  } finally {
    rmSync(dir, { recursive: true });
  }
});
