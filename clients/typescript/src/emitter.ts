/** Who listens to what. */
export class Emitter {
  #all = new Map<string, Set<[(...args: any[]) => void]>>();

  /** Returns what ends that. */
  on(name: string, f: (...args: any[]) => void): () => void {
    const all = this.#all.get(name) ?? new Set();
    const own: [typeof f] = [f];
    this.#all.set(name, all.add(own));
    return () => all.delete(own);
  }

  /** One that throws does not keep the others from hearing it. */
  emit(name: string, ...args: unknown[]): void {
    for (const [f] of [...this.#all.get(name) ?? []])
      try {
        f(...args);
      } catch (error) {
        queueMicrotask(() => { throw error; });
      }
  }
}
