/** The life of a quote, as data, and the term that an accepted one binds its customer to. */
import type { AnswerOf, BodyOf } from '@sluice/contract/endpoint';
import type * as endpoints from '@sluice/contract/quotes';
import { addIntervals, dayOf, type Interval } from '../../../platform/time.ts';
import type { Period } from './period.ts';

export type QuoteStatus = 'draft' | 'sent' | 'accepted' | 'declined' | 'expired' | 'withdrawn';
export type QuoteEvent = 'edit' | 'send' | 'accept' | 'decline' | 'expire' | 'withdraw';

/** As it was written, without what decides about it. */
export type QuoteTerms = Omit<
  BodyOf<typeof endpoints.createQuote>,
  'organization' | 'term_cycles' | 'valid_until'
>;

/** The plan and its price as they are shown, with the meters' names and units. */
export type ShownTerms = Pick<AnswerOf<typeof endpoints.getQuote>, 'price' | 'plan'>;

export interface Quote {
  id: string;
  organizationId: string;
  status: QuoteStatus;
  terms: QuoteTerms;
  shown: ShownTerms;
  termCycles: number | null;
  validUntil: Date;
  declineReason: string | null;
  subscriptionId: string | null;
  committedUntil: Date | null;
  createdAt: Date;
  sentAt: Date | null;
  closedAt: Date | null;
}

/** An event that a state does not name cannot happen in it; what has ended stays ended. */
const transitions: Record<QuoteStatus, Partial<Record<QuoteEvent, QuoteStatus>>> = {
  draft: { edit: 'draft', send: 'sent', withdraw: 'withdrawn' },
  sent: { accept: 'accepted', decline: 'declined', expire: 'expired', withdraw: 'withdrawn' },
  accepted: {},
  declined: {},
  expired: {},
  withdrawn: {},
};

interface Dated {
  status: QuoteStatus;
  validUntil: Date;
}

/** Its state now: one whose time is over has expired, whether or not that was written down yet. */
export function statusAt({ status, validUntil }: Dated, now: Date): QuoteStatus {
  return status === 'sent' && validUntil <= now ? 'expired' : status;
}

export type QuoteDecision =
  | { allowed: true; status: QuoteStatus }
  | { allowed: false; sentence: string };

/** What an event makes of a quote, or why it cannot happen. */
export function decideQuote(quote: Dated, event: QuoteEvent, now: Date): QuoteDecision {
  const isOver = quote.validUntil <= now;
  const status = event === 'expire' ? quote.status : statusAt(quote, now);
  const next = transitions[status][event];
  if (event === 'send' && next && isOver) {
    return { allowed: false, sentence: 'It would have expired already: give it a later day.' };
  }
  if (event === 'expire' && !isOver) {
    return { allowed: false, sentence: 'It is valid still: withdraw it instead.' };
  }
  if (next) return { allowed: true, status: next };
  const day = quote.validUntil.toISOString().slice(0, 10);
  return {
    allowed: false,
    sentence:
      status === 'expired'
        ? `The quote expired on ${day}: ask for another one.`
        : `A quote that is ${status} takes no ${event}: see what its actions are.`,
  };
}

/** What may be done with it now, by its customer and by operators. */
export function actionsOf(quote: Dated, now: Date): Exclude<QuoteEvent, 'expire'>[] {
  const events = ['edit', 'send', 'accept', 'decline', 'withdraw'] as const;
  return events.filter((event) => decideQuote(quote, event, now).allowed);
}

/** The end of a term of so many cycles; a trial comes before it. */
export function termEnd(
  { from, interval, timeZone }: { from: Date; interval: Interval; timeZone: string },
  cycles: number,
): Date {
  return addIntervals(from, interval, cycles, timeZone);
}

export interface AskedChange {
  action: 'change' | 'cancel' | 'pause' | 'resume' | 'add_on';
  when?: 'now' | 'period_end' | undefined;
  only?: 'up' | 'down' | undefined;
}

/** Why a customer cannot make this change before the term's end; undefined where nothing is against it. */
export function refusalBeforeTerm(
  change: AskedChange,
  { until, period, timeZone, now }: { until: Date; period: Period; timeZone: string; now: Date },
): string | undefined {
  // What was agreed is the plan: more on top of it, and less of that, is the customer's to say.
  if (change.action === 'resume' || change.action === 'add_on' || now >= until) return undefined;
  const isLater =
    change.when === 'period_end' ||
    (change.when === undefined && (change.action === 'cancel' || change.only === 'down'));
  if (change.action !== 'pause' && isLater && period.to >= until) return undefined;
  const day = dayOf(until, timeZone);
  const what = { change: 'be changed', cancel: 'end', pause: 'be paused' }[change.action];
  return `You have agreed to a term: this subscription cannot ${what} before ${day}. Ask us to change what was agreed.`;
}
