/** Who listens to what. */
export type Emitter = ReturnType<typeof makeEmitter>;

/** Nobody does yet. */
export function makeEmitter() {
  const all = new Set<{ name: string; f: (...args: any[]) => void }>();
  /** What is being told, and what comes behind it. */
  let due: (() => void)[] = [];

  /** Returns what ends that. */
  function on(name: string, f: (...args: any[]) => void): () => void {
    const own = { name, f };
    all.add(own);
    return () => all.delete(own);
  }

  /**
   * What a listener causes comes behind what it hears, for the others as well: all
   * hear it in one order. One that throws does not keep the others from that.
   */
  function emit(name: string, ...args: unknown[]): void {
    const isFirst = !due.length;
    for (const own of all)
      if (own.name === name) due.push(() => all.has(own) && own.f(...args));
    if (!isFirst) return;
    for (const tell of due)
      try {
        tell();
      } catch (error) {
        queueMicrotask(() => { throw error; });
      }
    due = [];
  }

  return { on, emit };
}
