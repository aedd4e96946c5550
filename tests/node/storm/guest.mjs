// Somebody with a connection, who opens another one whenever it has ended, and leaves
// at the end.
import { setTimeout as pause } from "node:timers/promises";
import { Failure } from "./line.mjs";

export class Guest {
  isLeaving = false;

  constructor(name, storm) {
    Object.assign(this, { name, storm });
  }

  begin() {
    this.running = this.#run();
  }

  async #run() {
    while (!this.isLeaving) {
      try {
        await this.stay();
      } catch (error) {
        if (!(error instanceof Failure)) this.storm.faults.add(error.stack);
      }
      this.gone();
      this.line?.close();
      await pause(this.rest());
    }
  }

  /** Opens `line`, and resolves when that has ended. */
  async stay() {}

  /** It has. */
  gone() {}

  /** Milliseconds until the next one. */
  rest() {
    return 20 + this.storm.any(200);
  }

  async leave() {
    this.isLeaving = true;
    this.line?.close();
    await this.running;
  }
}
