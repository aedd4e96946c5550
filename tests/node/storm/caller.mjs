// Somebody who calls what is counted on one node of all, from any of them.
import { setTimeout as pause } from "node:timers/promises";
import { Guest } from "./guest.mjs";
import { Line } from "./line.mjs";

export class Caller extends Guest {
  constructor(name, storm) {
    super(name, storm);
    this.begin();
  }

  async stay() {
    const node = this.storm.anyNode();
    if (!node.life) return;
    this.line = await Line.open(node.port, this.name);
    this.line.watch(1500);
    while (this.line.isOpen) {
      const key = this.storm.any(2) ? undefined : `key-${this.storm.any(4)}`;
      await this.#call(key);
    }
  }

  async #call(key) {
    const counts = this.storm.counts.get(key ?? "counter");
    const begun = counts.begin();
    try {
      counts.answer(begun, key
        ? await this.line.ask("app::till:next", { key })
        : await this.line.ask("app::counter:next"));
      await pause(20);
    } catch {
      counts.fail();
      await pause(100);
    }
  }
}
