// The network of storm.test.mjs keeps the order that TCP does.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Clock } from "./fake.mjs";
import { World } from "./world.mjs";

test("what is held up comes in the order in which it was said", async () => {
  const clock = new Clock();
  const delays = [0, 0, 50];
  const { WebSocket } = new World(clock, () => delays.shift() ?? 0);
  const line = new WebSocket();
  await clock.advance(1);
  const heard = [];
  line.onmessage = ({ data }) => heard.push(JSON.parse(data));
  line.say(1);
  line.say(2);
  line.heldUntil = 100;
  // The first would have come by now, and the second would not.
  await clock.advance(10);
  line.say(3);
  await clock.advance(89);
  assert.deepEqual(heard, []);
  await clock.advance(100);
  assert.deepEqual(heard, [1, 2, 3]);
  // What waits for no time comes with what follows it.
  line.heldUntil = Infinity;
  line.say(4);
  line.heldUntil = 0;
  line.say(5);
  await clock.advance(1);
  assert.deepEqual(heard, [1, 2, 3, 4, 5]);
});
