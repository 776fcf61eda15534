/** What happens by itself when its time has come on the sandbox's clock: debits that arrive or come back, refunds. */
import type { Clock } from '../steering/clock.ts';
import type { Journal } from '../storage/journal.ts';
import type { Due } from './books.ts';
import { newId } from './ids.ts';

export class Dues {
  readonly #journal: Journal<Due>;
  readonly #clock: Clock;
  readonly #happen: (due: Due) => void;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(journal: Journal<Due>, clock: Clock, happen: (due: Due) => void) {
    this.#journal = journal;
    this.#clock = clock;
    this.#happen = happen;
    clock.onMove(() => this.run());
  }

  add(due: Omit<Due, 'id' | 'at'>, waitMs: number): void {
    const at = new Date(this.#clock.now().getTime() + waitMs).toISOString();
    this.#journal.put({ id: newId('due'), at, ...due });
    this.run();
  }

  /** What was due for something that has come about in another way is forgotten. */
  drop(about: string): void {
    for (const due of this.#journal.all()) if (due.about === about) this.#journal.remove(due.id);
  }

  /** Also once at the start, for what came due while nobody was there. */
  run(): void {
    clearTimeout(this.#timer);
    if (this.#isClosed) return;
    const now = this.#clock.now().getTime();
    let nextMs = Number.POSITIVE_INFINITY;
    for (const due of this.#journal.all()) {
      const waitMs = Date.parse(due.at) - now;
      if (waitMs > 0) {
        nextMs = Math.min(nextMs, waitMs);
        continue;
      }
      this.#journal.remove(due.id);
      this.#happen(due);
    }
    if (nextMs === Number.POSITIVE_INFINITY) return;
    this.#timer = setTimeout(() => this.run(), Math.min(nextMs, 2 ** 31 - 1));
    this.#timer.unref();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }
}
