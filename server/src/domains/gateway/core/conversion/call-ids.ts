/** Ids of calls as a vendor takes them: its own rule for them is kept, the same call keeps the same id. */
export class CallIds {
  readonly #pattern: RegExp;
  readonly #renamed = new Map<string, string>();

  constructor(pattern: RegExp) {
    this.#pattern = pattern;
  }

  of(id: string): string {
    if (this.#pattern.test(id)) return id;
    let renamed = this.#renamed.get(id);
    if (renamed === undefined) {
      renamed = `call_renamed_${this.#renamed.size}`;
      this.#renamed.set(id, renamed);
    }
    return renamed;
  }
}

/** The id of a call that its upstream gave none; unique among all calls of a caller. */
export function madeId(requestId: string, choice: number, key: number): string {
  const unique = requestId.slice(requestId.indexOf('_') + 1);
  return choice === 0 ? `call_${unique}_${key}` : `call_${unique}_${choice}_${key}`;
}
