/** What the steering endpoint and the list of orders show of an order: all that became of it, and what was told. */
import { nameOf, type Order, steeringOf } from './books.ts';
import type { Desk } from './till.ts';

export function describeOrder({ books, news }: Desk, order: Order) {
  const session = books.sessions.get(order.id);
  const intent = books.intents.get(order.intent ?? '');
  const isOfIntent = (record: { payment_intent: string | { id: string } | null }) =>
    intent !== undefined && nameOf(record.payment_intent) === intent.id;
  return {
    number: order.number,
    kind: order.kind,
    title: order.title,
    status: statusOf(session?.status ?? null, intent?.status ?? null),
    amount: intent?.amount ?? session?.amount_total ?? null,
    currency: intent?.currency ?? session?.currency ?? null,
    session: session?.id ?? null,
    payment_intent: order.intent,
    setup_intent: order.setupIntent,
    created_at: order.created_at,
    refunds: books.refunds.all().filter(isOfIntent),
    disputes: books.disputes.all().filter(isOfIntent),
    deliveries: news.deliveries.of(order.number).map(({ payload, ...delivery }) => ({
      ...{ id: delivery.id, event: payload.event, status: delivery.status },
      ...{ attempts: delivery.attempts, due_at: delivery.due_at, answer: delivery.last_answer },
      type: books.events.get(payload.event)?.type ?? null,
    })),
    steering: steeringOf(books, order.number),
  };
}

function statusOf(session: string | null, intent: string | null): string {
  if (intent === 'succeeded') return 'paid';
  if (intent === 'processing') return 'processing';
  if (session === 'open' || session === null) return intent ?? 'open';
  return session === 'complete' && intent !== null ? 'declined' : session;
}
