/**
 * What is had on top of a plan: each add-on has terms of its own and the subscription's periods. It is paid for its share
 * of the period that runs when it is added, renews with the subscription, and ends with it.
 */
import {
  greatest,
  isZero,
  multiply,
  negate,
  type Ratio,
  ratio,
  subtract,
  sum,
  zero,
} from '../../../platform/ratio.ts';
import type { NewLine } from '../../invoicing/index.ts';
import type { OpenWindow } from './open-windows.ts';
import { planChange } from './plan-change.ts';
import { changeLines, periodLine } from './plan-lines.ts';
import { priceInPeriod } from './price-in-period.ts';
import {
  type MeterAmount,
  priceOf,
  type SubscriptionState,
  type SubscriptionTerms,
} from './subscription.ts';

export interface AddOn
  extends Pick<SubscriptionState, 'terms' | 'paid' | 'granted' | 'grantedWindows' | 'held'> {
  /** From the next period on; 0 ends it, null: as many as now. */
  nextQuantity: number | null;
  startedAt: Date;
}

/** What lines an add-on's change has, and what is left of it. */
export interface AddOnChange {
  lines: NewLine[];
  addOn: AddOn | undefined;
}

export interface UsedOfAddOn {
  used: readonly MeterAmount[];
  open: readonly OpenWindow[];
}

/** Of several at once, what is included counts as many times. */
export function timesIncluded(terms: SubscriptionTerms): SubscriptionTerms {
  const times = ratio(BigInt(terms.quantity));
  const scaled = <A extends MeterAmount>(amounts: readonly A[]): A[] =>
    amounts.map((of) => ({ ...of, amount: multiply(of.amount, times) }));
  return { ...terms, included: scaled(terms.included), windows: scaled(terms.windows) };
}

/** An add-on as a change of a subscription sees one: its own terms, the subscription's time. */
export function stateOf(base: SubscriptionState, addOn: AddOn): SubscriptionState {
  const { terms, paid, granted, grantedWindows, held } = addOn;
  return { ...base, terms, paid, granted, grantedWindows, held, pending: null };
}

/** More of it from now on, or the first: for the share of the period that is left. */
export function addWithin(
  base: SubscriptionState,
  had: AddOn | undefined,
  { to, open, at }: { to: SubscriptionTerms; open: readonly OpenWindow[]; at: Date },
): { lines: NewLine[]; addOn: AddOn } {
  const none: SubscriptionTerms = { ...to, quantity: 0, included: [], windows: [] };
  const before: AddOn = had ?? {
    ...{ terms: none, paid: zero, granted: [], grantedWindows: [], held: null },
    ...{ nextQuantity: null, startedAt: at },
  };
  const next = { ...before, terms: to, nextQuantity: null };
  if (base.status === 'trialing') {
    return { lines: [], addOn: { ...next, granted: to.included, grantedWindows: [] } };
  }
  const change = { to, used: [], open };
  const { credit, charge, ...given } = priceInPeriod(stateOf(base, before), change, at);
  const span = { period: { from: at, to: base.period.to }, timeZone: base.timeZone };
  return {
    lines: changeLines({ from: before.terms, credit, to, charge }, span),
    addOn: { ...next, ...given, paid: sum([before.paid, negate(credit), charge]) },
  };
}

/** It ends now: what of it is unused is given back, as its own plan says. */
export function endNow(
  base: SubscriptionState,
  addOn: AddOn,
  { used, open, at }: UsedOfAddOn & { at: Date },
): AddOnChange {
  const active = { ...stateOf(base, addOn), status: base.status };
  const planned = planChange(active, { kind: 'cancel', when: 'now', used, open }, at);
  return { lines: planned.allowed ? planned.lines : [], addOn: undefined };
}

/** The subscription begins another cycle now, and the add-on with it. */
export function beginWith(
  base: SubscriptionState,
  addOn: AddOn,
  { to, used, open, at }: UsedOfAddOn & { to: SubscriptionTerms; at: Date },
): AddOnChange {
  const change = { kind: 'switch' as const, when: 'now' as const, to, used, open };
  const planned = planChange(stateOf(base, addOn), change, at);
  if (!planned.allowed) return { lines: [], addOn };
  const { paid, granted, grantedWindows, held } = planned.next;
  const next = { ...addOn, terms: to, paid, granted, grantedWindows, held, nextQuantity: null };
  return { lines: planned.lines, addOn: next };
}

/** A period of its own, with the subscription's. */
export function renewWith(
  next: SubscriptionState,
  addOn: AddOn,
  to: SubscriptionTerms,
): { lines: NewLine[]; addOn: AddOn } {
  const lines = [periodLine(to, next)].filter(({ amount }) => !isZero(amount));
  const given = { granted: to.included, grantedWindows: [], held: null };
  return {
    lines,
    addOn: { ...addOn, ...given, terms: to, paid: priceOf(to), nextQuantity: null },
  };
}

/** What is used of an add-on: only what the plan itself does not bring. */
export function beyondPlan(base: SubscriptionState, used: UsedOfAddOn): UsedOfAddOn {
  const beyond = (amount: Ratio, own: Ratio) => greatest(zero, subtract(amount, own));
  return {
    used: used.used.map((of) => ({
      ...of,
      amount: beyond(of.amount, amountOf(base.granted, of.meterId)),
    })),
    open: used.open.map((window) => {
      const isSame = (of: { meterId: string; window: string }) =>
        of.meterId === window.meterId && of.window === window.window;
      const running = base.grantedWindows.find((of) => isSame(of) && of.until >= window.to);
      const own = running ?? base.terms.windows.find(isSame);
      return { ...window, used: beyond(window.used, own?.amount ?? zero) };
    }),
  };
}

function amountOf(amounts: readonly MeterAmount[], meterId: string): Ratio {
  return sum(amounts.filter((of) => of.meterId === meterId).map(({ amount }) => amount));
}
