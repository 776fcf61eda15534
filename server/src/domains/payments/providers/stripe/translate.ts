/** What Stripe's events mean. One payment makes several, in any order: each is judged by the object that it carries. */
import type { Claims, DisputeNews, NotificationMeaning } from '../../provider.ts';
import { numberIn, refundKey } from './account.ts';
import { collectedFromStripe } from './money.ts';
import { refundStatusOf } from './refunds.ts';
import { isRecord } from './verify.ts';

type Fields = Readonly<Record<string, unknown>>;
type Translate = (object: Fields, merchant: string) => NotificationMeaning;

const nothing: NotificationMeaning = { kind: 'nothing' };

const translations: Readonly<Record<string, Translate>> = {
  'checkout.session.completed': translateSession,
  'checkout.session.async_payment_succeeded': translateSession,
  'checkout.session.async_payment_failed': translateSession,
  'checkout.session.expired': translateSession,
  'payment_intent.succeeded': translateIntent,
  'payment_intent.processing': translateIntent,
  'payment_intent.payment_failed': translateIntent,
  'payment_intent.canceled': translateIntent,
  'setup_intent.succeeded': changedByMetadata,
  'setup_intent.setup_failed': changedByMetadata,
  'refund.created': translateRefund,
  'refund.updated': translateRefund,
  'refund.failed': translateRefund,
  'charge.refund.updated': translateRefund,
  'charge.dispute.created': translateDispute,
  'charge.dispute.updated': translateDispute,
  'charge.dispute.closed': translateDispute,
  'charge.dispute.funds_withdrawn': translateDispute,
  'charge.dispute.funds_reinstated': translateDispute,
  'payment_method.detached': ({ id }) =>
    isId(id) ? { kind: 'method_removed', reference: id } : implausible('a method has no name'),
};

/** Events of payments that others made in the same account say nothing to us. */
export function translateEvent(claims: Claims, merchant: string): NotificationMeaning {
  const { type, data } = claims;
  const object = isRecord(data) ? data.object : undefined;
  const translate =
    typeof type === 'string' && Object.hasOwn(translations, type) ? translations[type] : undefined;
  return translate && isRecord(object) ? translate(object, merchant) : nothing;
}

/** `complete` alone is no payment: a bank debit is complete for days before its money comes, or does not. */
function translateSession(session: Fields, merchant: string): NotificationMeaning {
  const number = numberIn(session.metadata);
  if (number === undefined || session.client_reference_id !== number) return nothing;
  const isPaid = session.mode === 'payment' && session.payment_status === 'paid';
  if (!isPaid || session.status !== 'complete') return { kind: 'changed', number };
  const amount = collectedFromStripe(session.amount_total, session.currency);
  return collected(number, { merchant, transaction: session.payment_intent, amount });
}

function translateIntent(intent: Fields, merchant: string): NotificationMeaning {
  const number = numberIn(intent.metadata);
  if (number === undefined) return nothing;
  if (intent.status !== 'succeeded') return { kind: 'changed', number };
  const amount = collectedFromStripe(intent.amount_received, intent.currency);
  return collected(number, { merchant, transaction: intent.id, amount });
}

function collected(
  number: string,
  money: {
    merchant: string;
    transaction: unknown;
    amount: ReturnType<typeof collectedFromStripe>;
  },
): NotificationMeaning {
  const { merchant, transaction, amount } = money;
  if (!amount) return implausible('the amount is no amount');
  if (!isId(transaction)) return implausible('the payment has no name');
  return {
    kind: 'collected',
    money: { number, merchant, providerTransaction: transaction, amount },
  };
}

function changedByMetadata(object: Fields): NotificationMeaning {
  const number = numberIn(object.metadata);
  return number === undefined ? nothing : { kind: 'changed', number };
}

function translateRefund(refund: Fields): NotificationMeaning {
  const { id, payment_intent: intent, currency } = refund;
  const amount = collectedFromStripe(refund.amount, currency);
  const status = refundStatusOf(refund.status);
  if (!amount || !status || !isId(id)) return implausible('the refund is no refund');
  return {
    kind: 'refund',
    refund: {
      number: numberIn(refund.metadata, refundKey) ?? null,
      reference: id,
      payment: paymentOf(refund.metadata, intent),
      amount,
      status,
    },
  };
}

const disputeStatuses: Readonly<Record<string, DisputeNews['status']>> = {
  ...{ needs_response: 'needs_response', warning_needs_response: 'needs_response' },
  ...{ under_review: 'under_review', warning_under_review: 'under_review' },
  ...{ appeal_needs_response: 'needs_response', appeal_under_review: 'under_review' },
  ...{ won: 'won', warning_closed: 'won', prevented: 'won', lost: 'lost' },
};

function translateDispute(dispute: Fields): NotificationMeaning {
  const { id, status: said, reason, payment_intent: intent } = dispute;
  const amount = collectedFromStripe(dispute.amount, dispute.currency);
  const status = typeof said === 'string' ? disputeStatuses[said] : undefined;
  if (!amount || !status || !isId(id)) return implausible('the dispute is no dispute');
  return {
    kind: 'dispute',
    dispute: {
      reference: id,
      payment: paymentOf(undefined, intent),
      amount,
      status,
      reason: typeof reason === 'string' ? reason.slice(0, 100) : 'general',
      respondBy: respondBy(dispute.evidence_details),
      isWithdrawn: isWithdrawn(dispute.balance_transactions),
    },
  };
}

function respondBy(details: unknown): Date | null {
  const dueBy = isRecord(details) ? details.due_by : null;
  return typeof dueBy === 'number' && Number.isSafeInteger(dueBy) && dueBy > 0
    ? new Date(dueBy * 1_000)
    : null;
}

/** What was taken, and was not given back. An inquiry has taken nothing. */
function isWithdrawn(transactions: unknown): boolean {
  if (!Array.isArray(transactions)) return false;
  const amounts = transactions.map((each: unknown) => (isRecord(each) ? each.amount : 0));
  return amounts.reduce<number>((sum, amount) => sum + Number(amount), 0) < 0;
}

function paymentOf(metadata: unknown, intent: unknown) {
  return { number: numberIn(metadata) ?? null, providerTransaction: isId(intent) ? intent : null };
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && /^\w{3,255}$/.test(value);
}

function implausible(reason: string): NotificationMeaning {
  return { kind: 'implausible', reason };
}
