/** Events, and their deliveries to the merchant's endpoints. What one says is fixed when it happens. */
import { join } from 'node:path';
import type Stripe from 'stripe';
import { Deliveries, type Delivery, type OutgoingRequest } from '../deliveries/deliveries.ts';
import type { Clock } from '../steering/clock.ts';
import { type Books, type KeptEvent, steeringOf } from './books.ts';
import { newId, secondsOf } from './ids.ts';
import { headerOf } from './signature.ts';
import type { Steering } from './steering.ts';
import { apiVersion } from './version.ts';

type Happening = readonly [type: Stripe.Event['type'], object: object];

interface Letter {
  endpoint: string;
  event: string;
  body: string;
}

export type News = ReturnType<typeof openNews>;

/** Growing waits up to three days. https://docs.stripe.com/webhooks#retries */
const scheduleMs = [5, 30, 120, 300, 600, 720, 720, 720, 720].map((minutes) => minutes * 60_000);
const oldSeconds = 600;

export function openNews({
  books,
  clock,
  dataDir,
}: {
  books: Books;
  clock: Clock;
  dataDir: string | undefined;
}) {
  const deliveries = new Deliveries<Letter>({
    clock,
    path: dataDir === undefined ? undefined : join(dataDir, 'stripe-deliveries.jsonl'),
    scheduleMs,
    compose: (delivery) => compose(books, delivery),
    accepts: ({ status }) => status >= 200 && status < 300,
  });

  const untold = new Map<string, KeptEvent[]>();

  /** Tells what happened, in the order in which it did, as the steering of its order wants it. */
  function tell(number: string, happenings: readonly Happening[]): void {
    const events = happenings.map(([type, object]) => keepEvent(books, clock, type, object));
    const waiting = untold.get(number);
    if (waiting) {
      waiting.push(...events);
      return;
    }
    untold.set(number, events);
    // Whatever else the same act brings about is told with it.
    queueMicrotask(() => {
      untold.delete(number);
      void deliver(number, events);
    });
  }

  async function deliver(number: string, events: readonly KeptEvent[]): Promise<void> {
    const steering = steeringOf(books, number);
    if (steering.notify === 'none') return;
    const ordered = steering.reorder === true ? events.toReversed() : events;
    const letters = ordered.flatMap((event) =>
      lettersOf(books, event).flatMap((letter) =>
        Array.from({ length: steering.times ?? 1 }, () => letter),
      ),
    );
    const lane = steering.concurrency ?? 1;
    const delayMs = steering.delay_ms ?? 0;
    for (let at = 0; at < letters.length; at += lane) {
      await deliveries.add(number, letters.slice(at, at + lane), { delayMs });
    }
  }

  return {
    tell,
    deliveries,
    /** All that was said of an order, once more. */
    retell(number: string): void {
      const told = new Set(deliveries.of(number).map(({ payload }) => payload.event));
      const events = books.events.all().filter(({ id }) => told.has(id));
      void deliver(number, events);
    },
  };
}

function keepEvent(
  books: Books,
  clock: Clock,
  type: Stripe.Event['type'],
  object: object,
): KeptEvent {
  const event: KeptEvent = {
    id: newId('evt'),
    object: 'event',
    api_version: apiVersion,
    created: secondsOf(clock.now()),
    data: { object: structuredClone(object) },
    livemode: false,
    pending_webhooks: 1,
    request: { id: null, idempotency_key: null },
    type,
  };
  books.events.put(event);
  return event;
}

function lettersOf(books: Books, event: KeptEvent): Letter[] {
  const body = JSON.stringify(event, null, 2);
  return books.endpoints
    .all()
    .filter(({ status }) => status === 'enabled')
    .filter(({ enabled_events: wanted }) => wanted.includes('*') || wanted.includes(event.type))
    .map(({ id }) => ({ endpoint: id, event: event.id, body }));
}

function compose(books: Books, { about, payload }: Delivery<Letter>): OutgoingRequest {
  const endpoint = books.endpoints.get(payload.endpoint);
  const steering = steeringOf(books, about);
  const body = bend(payload.body, steering);
  const signature = sign(body, steering, endpoint?.secrets ?? []);
  return {
    url: endpoint?.url ?? 'http://127.0.0.1:1/',
    method: 'POST',
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
      ...(signature === undefined ? {} : { 'stripe-signature': signature }),
    },
    body,
  };
}

function bend(body: string, { sign: how }: Steering): string {
  if (how === 'wrong_mode') return body.replace(/^ {2}"livemode": false/m, '  "livemode": true');
  const isForeign = how === 'connect';
  return isForeign ? body.replace('{', `{\n  "account": "acct_1Somebodyelse0000",`) : body;
}

/** The time in it is the true one, as whoever checks it has no other. */
function sign(
  body: string,
  { sign: how }: Steering,
  secrets: readonly string[],
): string | undefined {
  const seconds = secondsOf(new Date()) - (how === 'old' ? oldSeconds : 0);
  if (how === 'missing') return undefined;
  if (how === 'empty_key') return headerOf({ seconds, body }, ['']);
  const header = headerOf({ seconds, body }, secrets);
  return how === 'bad'
    ? header.replace(/v1=(.)/g, (_, first) => `v1=${first === '0' ? 1 : 0}`)
    : header;
}
