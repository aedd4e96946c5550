// What may happen to nodes, to NATS and between them. Each ends with all being there
// again.
import { setTimeout as pause } from "node:timers/promises";

/** Nodes that cannot write may lose what was published on them if they end. */
const isolates = (node) => { if (node.life) node.life.troubled = true; };

export const troubles = {
  async kill(storm, node, ms) {
    await node.kill();
    await pause(ms);
    await node.begin();
  },
  async stop(storm, node, ms) {
    await node.stop();
    await pause(ms / 4);
    await node.begin();
  },
  async freeze(storm, node, ms) {
    isolates(node);
    node.freeze();
    await pause(ms);
    node.thaw();
  },
  /** It has no connection to NATS, and cannot get one. */
  async split(storm, node, ms) {
    isolates(node);
    node.proxy.cut();
    await pause(ms);
    node.proxy.mend();
  },
  /** What it says and hears is on its way for so long. */
  async hold(storm, node, ms) {
    isolates(node);
    node.proxy.hold();
    await pause(ms);
    node.proxy.release();
  },
  async slow(storm, node, ms) {
    isolates(node);
    for (const end = Date.now() + ms; Date.now() < end;) {
      node.proxy.hold();
      await pause(100);
      node.proxy.release();
      await pause(10);
    }
  },
  async sever(storm, node) {
    isolates(node);
    node.proxy.sever();
  },
  /** Half of the people come back, most of them elsewhere. */
  async scatter(storm, node, ms) {
    for (const who of storm.watchers) if (storm.any(2)) who.line?.close();
    await pause(ms / 4);
  },
  async "kill NATS"(storm, node, ms) {
    storm.nodes.forEach(isolates);
    await storm.nats.kill();
    await pause(ms / 2);
    await storm.nats.again();
  },
  async "freeze NATS"(storm, node, ms) {
    storm.nodes.forEach(isolates);
    storm.nats.child.kill("SIGSTOP");
    await pause(ms);
    storm.nats.child.kill("SIGCONT");
  },
  /** And dies before it is heard again. */
  async "split and kill"(storm, node, ms) {
    isolates(node);
    node.proxy.cut();
    await pause(ms / 2);
    await node.kill();
    node.proxy.mend();
    await node.begin();
  },
  async "kill all"(storm, node, ms) {
    storm.nodes.forEach(isolates);
    await Promise.all(storm.nodes.map((x) => x.kill()));
    await pause(ms / 8);
    await Promise.all(storm.nodes.map((x) => x.begin()));
  },
};

/** Those that happen to all nodes; nothing else happens meanwhile. */
export const general = new Set(["kill NATS", "freeze NATS", "kill all"]);
