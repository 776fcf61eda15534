/** What is known of an organization, turned into evidence for each rule. Pure: the caller loads the facts. */
import { formatNanos } from '../../../platform/money.ts';

export const ruleNames = [
  'shared_address',
  'shared_device',
  'shared_payer',
  'failed_payments',
  'returned_payments',
  'usage_burst',
  'sign_in_attacks',
] as const;
export type RuleName = (typeof ruleNames)[number];

export interface Evidence {
  /** Names it for good, so that what was lifted is known again. */
  key: string;
  at: Date;
  kind: 'organization' | 'payment' | 'set_up' | 'usage' | 'sign_ins';
  id: string | null;
  /** As how many it counts. */
  count: number;
  detail: string | null;
}

/** Whoever was seen, or has paid, in the same place; `mark` names the place. */
export interface Sharer {
  kind: 'address' | 'device' | 'payer';
  mark: string;
  organizationId: string;
  at: Date;
}

export interface PaymentFact {
  /** A payment, or a method that was to be stored without one. */
  kind: 'payment' | 'set_up';
  id: string;
  at: Date;
  isSettled: boolean;
  /** Declined with a person waiting, by a code that speaks of the payer. */
  isDeclined: boolean;
  /** Disputed, or more than half of it given back. */
  isReturned: boolean;
}

export interface Facts {
  sharers: readonly Sharer[];
  payments: readonly PaymentFact[];
  signIns: readonly { hour: Date; failures: number }[];
  bursts: readonly { day: Date; amount: bigint; allowed: bigint }[];
}

export function evidenceOf(rule: RuleName, facts: Facts, returnedPercent: number): Evidence[] {
  switch (rule) {
    case 'shared_address':
      return sharedBy('address', facts);
    case 'shared_device':
      return sharedBy('device', facts);
    case 'shared_payer':
      return sharedBy('payer', facts);
    case 'failed_payments':
      return facts.payments.filter(({ isDeclined }) => isDeclined).map(ofPayment);
    case 'returned_payments':
      return returned(facts.payments, returnedPercent);
    case 'usage_burst':
      return facts.bursts.map(ofBurst);
    case 'sign_in_attacks':
      return facts.signIns.map(ofSignIns);
  }
}

/** Each other organization once, however many places it shares. */
function sharedBy(kind: Sharer['kind'], { sharers }: Facts): Evidence[] {
  const found = new Map<string, Evidence>();
  for (const sharer of sharers.filter((each) => each.kind === kind)) {
    const { organizationId: id, at } = sharer;
    const known = found.get(id);
    if (known && known.at >= at) continue;
    found.set(id, { key: id, at, kind: 'organization', id, count: 1, detail: null });
  }
  return [...found.values()];
}

/** In percent. */
const whole = 100;

/** One payment in a hundred comes back from anybody: it takes a share of them, too. */
function returned(payments: readonly PaymentFact[], percent: number): Evidence[] {
  const settled = payments.filter(({ isSettled }) => isSettled);
  const back = settled.filter(({ isReturned }) => isReturned);
  return back.length * whole >= settled.length * percent ? back.map(ofPayment) : [];
}

function ofPayment({ kind, id, at }: PaymentFact): Evidence {
  return { key: id, at, kind, id, count: 1, detail: null };
}

function ofBurst({ day, amount, allowed }: Facts['bursts'][number]): Evidence {
  return {
    key: day.toISOString(),
    at: day,
    kind: 'usage',
    id: null,
    count: 1,
    detail: `${formatNanos(amount)} / ${formatNanos(allowed)}`,
  };
}

function ofSignIns({ hour, failures }: Facts['signIns'][number]): Evidence {
  return {
    key: hour.toISOString(),
    at: hour,
    kind: 'sign_ins',
    id: null,
    count: failures,
    detail: null,
  };
}
