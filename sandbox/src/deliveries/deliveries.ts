/**
 * Notifications on their way: each is sent until the merchant accepts it, along the provider's own schedule on the
 * sandbox's clock. What is still owed survives a restart. What one says is fixed when it is made; how it is signed is
 * decided when it is sent.
 */
import { randomBytes } from 'node:crypto';
import type { Clock } from '../steering/clock.ts';
import { Journal } from '../storage/journal.ts';

export interface Delivery<Payload> {
  id: string;
  /** What it is about: an order's or a refund's number. */
  about: string;
  payload: Payload;
  status: 'waiting' | 'accepted' | 'given_up';
  due_at: string;
  attempts: number;
  last_answer: string | null;
}

export interface OutgoingRequest {
  url: string;
  method: 'GET' | 'POST';
  headers: Record<string, string>;
  body: string | undefined;
}

export interface DeliveriesOptions<Payload> {
  clock: Clock;
  /** Where they are kept; without it they are in memory. */
  path: string | undefined;
  /** What passes before each repetition; after the last one it is given up. */
  scheduleMs: readonly number[];
  compose(delivery: Delivery<Payload>): OutgoingRequest;
  accepts(answer: { status: number; body: string }): boolean;
}

const answerTimeoutMs = 30_000;
const answerLengthMax = 200;
const deliveriesMax = 20_000;

export class Deliveries<Payload> {
  readonly #options: DeliveriesOptions<Payload>;
  readonly #journal: Journal<Delivery<Payload>>;
  readonly #underWay = new Map<string, Promise<void>>();
  readonly #stopping = new AbortController();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: DeliveriesOptions<Payload>) {
    this.#options = options;
    this.#journal = new Journal({ path: options.path, recordsMax: deliveriesMax });
    options.clock.onMove(() => this.#sendDue());
    this.#sendDue();
  }

  /** Owes the merchant these, from `delayMs` on; resolves when each that is due now has had its first answer. */
  async add(
    about: string,
    payloads: readonly Payload[],
    { delayMs = 0 }: { delayMs?: number } = {},
  ): Promise<Delivery<Payload>[]> {
    const dueAt = new Date(this.#options.clock.now().getTime() + delayMs).toISOString();
    const added = payloads.map(
      (payload): Delivery<Payload> => ({
        ...{ id: randomBytes(8).toString('hex'), about, payload, status: 'waiting' },
        ...{ due_at: dueAt, attempts: 0, last_answer: null },
      }),
    );
    for (const delivery of added) this.#journal.put(delivery);
    this.#sendDue();
    await Promise.all(added.map(({ id }) => this.#underWay.get(id)));
    return added;
  }

  /** Sends one again that was accepted or given up, as an operator at the provider can. */
  async resend(id: string): Promise<Delivery<Payload> | undefined> {
    const delivery = this.#journal.get(id);
    if (!delivery) return undefined;
    this.#owe(delivery, 0);
    this.#sendDue();
    await this.#underWay.get(id);
    return delivery;
  }

  /** The oldest first. */
  of(about: string): Delivery<Payload>[] {
    return this.#journal.all().filter((delivery) => delivery.about === about);
  }

  all(): Delivery<Payload>[] {
    return this.#journal.all();
  }

  async close(): Promise<void> {
    this.#stopping.abort();
    clearTimeout(this.#timer);
    await Promise.all(this.#underWay.values());
    this.#journal.close();
  }

  #owe(delivery: Delivery<Payload>, waitMs: number): void {
    const dueAt = new Date(this.#options.clock.now().getTime() + waitMs).toISOString();
    this.#journal.put(Object.assign(delivery, { status: 'waiting', due_at: dueAt }));
  }

  #sendDue(): void {
    clearTimeout(this.#timer);
    if (this.#stopping.signal.aborted) return;
    const now = this.#options.clock.now().getTime();
    let nextMs = Number.POSITIVE_INFINITY;
    for (const delivery of this.#journal.all()) {
      if (delivery.status !== 'waiting' || this.#underWay.has(delivery.id)) continue;
      const waitMs = Date.parse(delivery.due_at) - now;
      if (waitMs <= 0) this.#send(delivery);
      else nextMs = Math.min(nextMs, waitMs);
    }
    if (nextMs === Number.POSITIVE_INFINITY) return;
    this.#timer = setTimeout(() => this.#sendDue(), Math.min(nextMs, 2 ** 31 - 1));
    this.#timer.unref();
  }

  #send(delivery: Delivery<Payload>): void {
    const sending = this.#attempt(delivery).finally(() => {
      this.#underWay.delete(delivery.id);
      this.#sendDue();
    });
    this.#underWay.set(delivery.id, sending);
  }

  async #attempt(delivery: Delivery<Payload>): Promise<void> {
    const answer = await send(this.#options.compose(delivery), this.#stopping.signal);
    const isAccepted = answer.status !== undefined && this.#options.accepts(answer);
    // A delivery that our own stop cut off is not the merchant's failure: it stays due.
    if (this.#stopping.signal.aborted && !isAccepted) return;
    const waitMs = this.#options.scheduleMs[delivery.attempts];
    delivery.attempts += 1;
    delivery.last_answer = `${answer.status ?? ''} ${answer.body.slice(0, answerLengthMax)}`.trim();
    if (isAccepted) delivery.status = 'accepted';
    else if (waitMs === undefined) delivery.status = 'given_up';
    else return this.#owe(delivery, waitMs);
    this.#journal.put(delivery);
  }
}

type Answer = { status: number; body: string } | { status: undefined; body: string };

async function send(
  { url, method, headers, body }: OutgoingRequest,
  stopping: AbortSignal,
): Promise<Answer> {
  try {
    const answer = await fetch(url, {
      method,
      headers,
      ...(body === undefined ? {} : { body }),
      redirect: 'manual',
      signal: AbortSignal.any([stopping, AbortSignal.timeout(answerTimeoutMs)]),
    });
    return { status: answer.status, body: await answer.text() };
  } catch (error) {
    const reason = error instanceof Error ? error : new Error(String(error));
    const { message } = reason.cause instanceof Error ? reason.cause : reason;
    return { status: undefined, body: `no answer: ${message}` };
  }
}
