/** Calls that have not been answered yet, by name: what to blame when nothing comes. */
export class Pending {
  readonly #names: string[] = [];

  /** Counts the call as pending while the work lasts. */
  async during<T>(name: string, work: () => Promise<T>): Promise<T> {
    this.#names.push(name);
    try {
      return await work();
    } finally {
      this.#names.splice(this.#names.indexOf(name), 1);
    }
  }

  get names(): string[] {
    return [...new Set(this.#names)];
  }
}
