/**
 * Delivers notifications until the merchant accepts them, waiting twice as long after every failure. What is still
 * owed is part of the order, so a restart goes on where the last process stopped.
 */
import type { Journal } from '../storage/journal.ts';
import { sendNotify } from './notify.ts';
import type { CreditOrder, Notify } from './order.ts';

/** After the first attempt, as the provider's queue does. */
const RETRIES_MAX = 10;

export interface NotifierOptions {
  orders: Journal<CreditOrder>;
  retryMs: number;
}

export class Notifier {
  readonly #options: NotifierOptions;
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #stopping = new AbortController();
  readonly #underWay = new Set<Promise<void>>();

  constructor(options: NotifierOptions) {
    this.#options = options;
    for (const order of options.orders.all()) {
      for (const notify of order.notifies)
        if (notify.status === 'waiting') this.#schedule(order, notify);
    }
  }

  /** Sends what a payment just made; resolves when each has had its first answer. */
  async deliver(order: CreditOrder, notifies: Notify[], concurrency: number): Promise<void> {
    const queue = notifies.values();
    const lanes = Array.from({ length: concurrency }, async () => {
      for (const notify of queue) await this.#attemptWhenDue(order, notify);
    });
    await Promise.all(lanes);
  }

  async close(): Promise<void> {
    this.#stopping.abort();
    for (const timer of this.#timers) clearTimeout(timer);
    await Promise.all(this.#underWay);
  }

  #attemptWhenDue(order: CreditOrder, notify: Notify): Promise<void> {
    if (Date.parse(notify.due_at) <= Date.now()) return this.#attempt(order, notify);
    return new Promise((resolve) => this.#schedule(order, notify, resolve));
  }

  #schedule(order: CreditOrder, notify: Notify, onAnswer?: () => void): void {
    const waitMs = Math.max(0, Date.parse(notify.due_at) - Date.now());
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#attempt(order, notify).then(onAnswer);
    }, waitMs);
    this.#timers.add(timer);
  }

  #attempt(order: CreditOrder, notify: Notify): Promise<void> {
    const attempt = this.#send(order, notify).finally(() => this.#underWay.delete(attempt));
    this.#underWay.add(attempt);
    return attempt;
  }

  async #send(order: CreditOrder, notify: Notify): Promise<void> {
    if (this.#stopping.signal.aborted) return;
    const answer = await sendNotify(order.notify_url, notify, this.#stopping.signal);
    // A delivery that our own stop cut off is not the merchant's failure: it stays due.
    if (this.#stopping.signal.aborted && !answer.accepted) return;

    notify.attempts += 1;
    notify.last_answer = answer.text;
    if (answer.accepted) notify.status = 'accepted';
    else if (notify.attempts > RETRIES_MAX) notify.status = 'given_up';
    else this.#retryLater(order, notify);
    this.#options.orders.put(order);
  }

  #retryLater(order: CreditOrder, notify: Notify): void {
    const waitMs = this.#options.retryMs * 2 ** (notify.attempts - 1);
    notify.due_at = new Date(Date.now() + waitMs).toISOString();
    this.#schedule(order, notify);
  }
}
