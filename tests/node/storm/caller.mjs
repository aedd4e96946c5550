// Somebody who calls what is counted on one node of all, from any of them.
import { setTimeout as pause } from "node:timers/promises";
import { Failure, Line } from "./line.mjs";

export class Caller {
  constructor(name, storm) {
    Object.assign(this, { name, storm });
    this.isLeaving = false;
    this.running = this.#run();
  }

  async #run() {
    while (!this.isLeaving) {
      try {
        await this.#visit(this.storm.anyNode());
      } catch (error) {
        if (!(error instanceof Failure)) this.storm.faults.add(error.stack);
      }
      this.line?.close();
      await pause(20 + this.storm.any(200));
    }
  }

  async #visit(node) {
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

  async leave() {
    this.isLeaving = true;
    this.line?.close();
    await this.running;
  }
}
