// The hooks, in a page of Chromium that talks to a real server.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { test } from "node:test";
import { build } from "esbuild";
import { chromium } from "playwright-core";
import { executablePath, skip } from "../../../tests/node/chromium.mjs";
import { TcpProxy } from "../../../tests/node/tcp_proxy.mjs";
import { join, startServer, tokenOf } from "./real.mjs";

const program = (port, token) => `
  import { createElement as h, StrictMode, useState } from "react";
  import { createRoot } from "react-dom/client";
  import { connect } from "../dist/index.js";
  import { useCall, useChannel, usePresence } from "../dist/react/index.js";

  const api = connect("ws://127.0.0.1:${port}/ws",
    { token: () => "${token}", maxDelay: 100 });
  window.api = api;

  function Room({ name }) {
    const [notes, setNotes] = useState([]);
    const { joined, left } = useChannel(api, "rooms/" + name,
      { note: ({ n }) => setNotes((old) => [...old, n]) });
    const people = usePresence(api, "rooms/" + name);
    return h("p", { id: "room" }, joined ? "in" : left?.code ?? "outside", " ",
      people.map(({ state }) => state.name).join("+"), " ", notes.join());
  }

  function Page() {
    const [n, setN] = useState(1);
    const [name, setName] = useState("a");
    const echo = useCall(api, "app::t:echo", { n });
    const wrong = useCall(api, "app::t:nothing");
    window.set = { n: setN, name: setName };
    return h("main", null,
      h("p", { id: "echo" }, echo.isPending ? "…" : echo.data.n),
      h("p", { id: "wrong" }, wrong.error?.code),
      h("button", { onClick: wrong.reload }, "again"),
      name && h(Room, { name, key: name }));
  }

  createRoot(document.body.appendChild(document.createElement("div")))
    .render(h(StrictMode, null, h(Page)));`;

test("components show what is, and miss nothing", { skip }, async () => {
  const server = await startServer("--allowed-origins=*",
    "--presence-interval=1ms");
  const proxy = await TcpProxy.start(server.port);
  const bob = join(server.port, "Bob");
  const files = createServer();
  const browser = await chromium.launch({ executablePath,
    ignoreDefaultArgs: ["--disable-back-forward-cache"],
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking",
      "--no-first-run", "--disable-component-update", "--disable-sync"] });
  try {
    const { outputFiles } = await build({ bundle: true, write: false,
      format: "esm", define: { "process.env.NODE_ENV": '"development"' },
      stdin: { contents: program(proxy.port, tokenOf("Ada")),
        resolveDir: new URL(".", import.meta.url).pathname } });
    const page = await browser.newPage();
    const errors = [];
    page.on("pageerror", (error) => errors.push(error));
    files.on("request", (_, answer) => answer
      .setHeader("Content-Type", "text/html").end("<!doctype html><title>hooks"
        + `</title><body><script type="module">${outputFiles[0].text}</script>`));
    files.listen(0, "127.0.0.1");
    await once(files, "listening");
    await page.goto(`http://127.0.0.1:${files.address().port}/`);
    const shows = (id, text) => page.waitForFunction(([id, text]) =>
      document.getElementById(id)?.textContent === text, [id, text],
    { timeout: 30_000 }).catch(async () => assert.equal(
      await page.locator(`#${id}`).textContent(), text));
    await shows("echo", "1");
    await shows("wrong", "unknown_strategy");
    await shows("room", "in Ada ");
    const say = (room, n) => bob.call("app::t:say", { room, n });
    await say("a", 1);
    const other = bob.channel("rooms/a");
    await shows("room", "in Ada+Bob 1");
    // What is missed comes, once.
    proxy.cut();
    await say("a", 2);
    other.leave();
    proxy.mend();
    await say("a", 3);
    await shows("room", "in Ada 1,2,3");
    await page.evaluate(() => { window.set.n(2); window.set.name("b"); });
    await shows("echo", "2");
    await shows("room", "in Ada ");
    await say("a", 4);
    await say("b", 5);
    await shows("room", "in Ada 5");
    await page.getByRole("button").click();
    await shows("wrong", "unknown_strategy");
    // What is shown no more has left.
    await page.evaluate(() => window.set.name(""));
    await page.waitForFunction(() => window.api
      .call("app::websocket:presence", { topic: "rooms/b" })
      .then(({ presence }) => presence.length === 0));
    // The browser keeps the page for the way back, and the page its state.
    await page.evaluate(() => { window.set.name("b"); window.isTheSame = true; });
    await shows("room", "in Ada ");
    await page.goto("about:blank");
    await say("b", 6);
    await page.goBack({ waitUntil: "commit" });
    assert.equal(await page.evaluate(() => window.isTheSame), true);
    await shows("room", "in Ada 6");
    assert.deepEqual(errors, []);
  } finally {
    await browser.close();
    files.close();
    bob.close();
    proxy.stop();
    assert.equal(await server.stop(), 0);
  }
});
