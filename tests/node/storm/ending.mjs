// What has to be done when this process ends, in whatever way. Those that it has
// started would outlive it.

const signals = ["SIGTERM", "SIGINT", "SIGHUP"];

/** Returns what calls it off. */
export function atEnd(what) {
  const exit = () => process.exit(1);
  const parent = process.ppid;
  // Who runs the tests may be killed.
  const timer = setInterval(() => process.ppid === parent || exit(), 1000);
  process.on("exit", what);
  for (const signal of signals) process.on(signal, exit);
  return () => {
    clearInterval(timer);
    process.off("exit", what);
    for (const signal of signals) process.off(signal, exit);
  };
}
