// What has to hold of a client whose connection is cut: each event of a channel
// once and in order, each call settled once and done no more often than it may.
import assert from "node:assert/strict";

/** What was said in a room, and what was heard of it. */
export class Room {
  said = 0;
  heard = 0;
  /** Whether the client was told that it may have missed some. */
  mayMiss = false;
  resets = 0;

  hear(n, name) {
    if (this.mayMiss) assert.ok(n > this.heard, `${name}: ${n} again`);
    else assert.equal(n, this.heard + 1, `${name}: in order, and each once`);
    this.heard = n;
    this.mayMiss = false;
  }

  reset() {
    this.mayMiss = true;
    ++this.resets;
  }

  /**
   * Whether all of it was heard. Nobody tells whether the last that was said came
   * before a client was back in a room that has begun anew: then `say` says one more.
   */
  async isHeard(say) {
    if (this.mayMiss && this.heard < this.said) await say(++this.said);
    return this.heard === this.said;
  }
}

/** A call that was made, and what it has come to. */
export class Job {
  constructor(id, idempotent, generation) {
    Object.assign(this, { id, idempotent, generation, settled: 0 });
  }

  /** What the server may have done of it. */
  check(done) {
    const { id, idempotent, result, error } = this;
    const what = `call ${id}: ${done} times, ${error?.code ?? result}`;
    assert.equal(this.settled, 1, what);
    if (!idempotent) assert.ok(done <= 1, what);
    if (result !== undefined) assert.ok(done >= 1, what);
    if (error?.code && error.maybeExecuted === false && error.status === 0)
      assert.equal(done, 0, what);
  }
}
