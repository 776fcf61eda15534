/** Subscriptions in rows: fractions are texts, "numerator/denominator". */
import { type Ratio, ratio } from '../../platform/ratio.ts';
import type { Discount } from '../invoicing/index.ts';
import type { AddOn } from './core/add-ons.ts';
import { monthlyWorth } from './core/monthly-worth.ts';
import type { AwaitedChange, RatedPeriod, Subscription } from './core/record.ts';
import type {
  GrantedWindow,
  MeterAmount,
  SubscriptionState,
  SubscriptionTerms,
  WindowAmount,
} from './core/subscription.ts';

/** A row as it is read. */
export interface SubscriptionRow {
  id: string;
  organization_id: string;
  status: SubscriptionState['status'];
  plan_id: string;
  plan_version: number;
  terms: StoredTerms;
  pending: StoredTerms | null;
  anchor_at: Date;
  time_zone: string;
  period_from: Date;
  period_to: Date;
  trial_ends_at: Date | null;
  cancel_at: Date | null;
  paid: string;
  granted: StoredAmount[];
  granted_windows: StoredWindow[];
  held: StoredHeld | null;
  add_ons: StoredAddOn[];
  coupon_code: string | null;
  discount: StoredDiscount | null;
  discounted_invoices_left: number | null;
  provider: string | null;
  payment_method_id: string | null;
  latest_invoice_id: string | null;
  collecting_invoice_id: string | null;
  awaiting: StoredAwaiting | null;
  overdue_since: Date | null;
  dunning_taken: number;
  is_suspended: boolean;
  noticed_for: Date | null;
  due_at: Date | null;
  started_at: Date;
  ended_at: Date | null;
  updated_at: Date;
  mrr_minor: bigint;
  mrr_currency: string | null;
}

const jsonNames = [
  'terms',
  'pending',
  'granted',
  'granted_windows',
  'held',
  'add_ons',
  'discount',
  'awaiting',
] as const;
type JsonColumn = (typeof jsonNames)[number];
export const jsonColumns: ReadonlySet<string> = new Set(jsonNames);

/** A row as it is written: JSON, and what JSON cannot say, as its text. */
export type SubscriptionValues = {
  [Column in keyof SubscriptionRow]: Column extends JsonColumn
    ? string | Extract<SubscriptionRow[Column], null>
    : SubscriptionRow[Column] extends bigint
      ? string
      : SubscriptionRow[Column];
};

type StoredHeld = { until: string; price: string };
type StoredAmount = { meter: string; amount: string };
type StoredTerms = Omit<SubscriptionTerms, 'price' | 'included' | 'windows'> & {
  price: string;
  included: StoredAmount[];
  /** Left out by what was stored before windows were told apart. */
  windows?: (Pick<WindowAmount, 'window' | 'anchor'> & StoredAmount)[];
};
type StoredWindow = StoredAmount & { window: GrantedWindow['window']; until: string };
type StoredDiscount = { kind: 'percentage' | 'amount'; value: string };

type StoredState = {
  status: SubscriptionState['status'];
  terms: StoredTerms;
  pending: StoredTerms | null;
  anchor_at: string;
  time_zone: string;
  period: { from: string; to: string };
  cancel_at: string | null;
  paid: string;
  granted: StoredAmount[];
  granted_windows?: StoredWindow[];
  held: StoredHeld | null;
};
type StoredAddOn = {
  terms: StoredTerms;
  paid: string;
  granted: StoredAmount[];
  granted_windows: StoredWindow[];
  held: StoredHeld | null;
  next_quantity: number | null;
  started_at: string;
};
type StoredRated = Pick<RatedPeriod, 'version' | 'currency'> & {
  plan: string;
  from: string;
  to: string;
  amounts: string[];
};
type StoredAwaiting = {
  invoice: string;
  kind: AwaitedChange['kind'];
  /** Left out by what was stored before periods were kept with their changes. */
  rated?: StoredRated[];
  from: { status: SubscriptionState['status']; period_from: string; plan: string; paid: string };
  state: StoredState;
  /** Left out by what was stored before there were add-ons. */
  add_ons?: StoredAddOn[];
};

export function toRow(
  subscription: Subscription,
  at: { dueAt: Date | null; updatedAt: Date },
): SubscriptionValues {
  const { state, coupon, awaiting } = subscription;
  const stored = storeState(state);
  return {
    id: subscription.id,
    organization_id: subscription.organizationId,
    status: state.status,
    plan_id: state.terms.planId,
    plan_version: state.terms.version,
    terms: JSON.stringify(stored.terms),
    pending: stored.pending && JSON.stringify(stored.pending),
    anchor_at: state.anchorAt,
    time_zone: state.timeZone,
    period_from: state.period.from,
    period_to: state.period.to,
    trial_ends_at: subscription.trialEndsAt,
    cancel_at: state.cancelAt,
    paid: stored.paid,
    granted: JSON.stringify(stored.granted),
    granted_windows: JSON.stringify(stored.granted_windows),
    held: stored.held && JSON.stringify(stored.held),
    add_ons: JSON.stringify(subscription.addOns.map(storeAddOn)),
    coupon_code: coupon?.code ?? null,
    discount: coupon && JSON.stringify(storeDiscount(coupon.discount)),
    discounted_invoices_left: coupon?.invoicesLeft ?? null,
    provider: subscription.provider,
    payment_method_id: subscription.methodId,
    latest_invoice_id: subscription.latestInvoiceId,
    collecting_invoice_id: subscription.collectingInvoiceId,
    awaiting: awaiting && JSON.stringify(storeAwaiting(awaiting)),
    overdue_since: subscription.overdueSince,
    dunning_taken: subscription.dunningTaken,
    is_suspended: subscription.isSuspended,
    noticed_for: subscription.noticedFor,
    due_at: at.dueAt,
    started_at: subscription.startedAt,
    ended_at: subscription.endedAt,
    updated_at: at.updatedAt,
    mrr_minor: String(monthlyWorth(subscription)),
    mrr_currency: state.terms.currency,
  };
}

export function fromRow(row: SubscriptionRow): Subscription {
  const { held, discount } = row;
  return {
    id: row.id,
    organizationId: row.organization_id,
    state: {
      status: row.status,
      terms: readTerms(row.terms),
      anchorAt: row.anchor_at,
      timeZone: row.time_zone,
      period: { from: row.period_from, to: row.period_to },
      pending: row.pending && readTerms(row.pending),
      cancelAt: row.cancel_at,
      paid: read(row.paid),
      granted: row.granted.map(readAmount),
      grantedWindows: row.granted_windows.map(readWindow),
      held: held && { until: new Date(held.until), price: read(held.price) },
    },
    addOns: row.add_ons.map(readAddOn),
    trialEndsAt: row.trial_ends_at,
    coupon:
      row.coupon_code !== null && discount
        ? {
            code: row.coupon_code,
            discount: readDiscount(discount),
            invoicesLeft: row.discounted_invoices_left,
          }
        : null,
    provider: row.provider,
    methodId: row.payment_method_id,
    latestInvoiceId: row.latest_invoice_id,
    collectingInvoiceId: row.collecting_invoice_id,
    awaiting: row.awaiting && readAwaiting(row.awaiting),
    overdueSince: row.overdue_since,
    dunningTaken: row.dunning_taken,
    isSuspended: row.is_suspended,
    noticedFor: row.noticed_for,
    startedAt: row.started_at,
    endedAt: row.ended_at,
  };
}

function storeState(state: SubscriptionState): StoredState {
  const { held, pending, period } = state;
  return {
    status: state.status,
    terms: storeTerms(state.terms),
    pending: pending && storeTerms(pending),
    anchor_at: state.anchorAt.toISOString(),
    time_zone: state.timeZone,
    period: { from: period.from.toISOString(), to: period.to.toISOString() },
    cancel_at: state.cancelAt?.toISOString() ?? null,
    paid: write(state.paid),
    granted: state.granted.map(storeAmount),
    granted_windows: state.grantedWindows.map(storeWindow),
    held: held && { until: held.until.toISOString(), price: write(held.price) },
  };
}

function readState(stored: StoredState): SubscriptionState {
  const { held, pending, period, cancel_at: cancelAt } = stored;
  return {
    status: stored.status,
    terms: readTerms(stored.terms),
    pending: pending && readTerms(pending),
    anchorAt: new Date(stored.anchor_at),
    timeZone: stored.time_zone,
    period: { from: new Date(period.from), to: new Date(period.to) },
    cancelAt: cancelAt === null ? null : new Date(cancelAt),
    paid: read(stored.paid),
    granted: stored.granted.map(readAmount),
    grantedWindows: (stored.granted_windows ?? []).map(readWindow),
    held: held && { until: new Date(held.until), price: read(held.price) },
  };
}

function storeAwaiting({
  invoiceId,
  kind,
  rated,
  from,
  state,
  addOns,
}: AwaitedChange): StoredAwaiting {
  return {
    invoice: invoiceId,
    kind,
    rated: rated.map(storeRated),
    from: {
      status: from.status,
      period_from: from.periodFrom.toISOString(),
      plan: from.planId,
      paid: write(from.paid),
    },
    state: storeState(state),
    add_ons: addOns.map(storeAddOn),
  };
}

function readAwaiting({
  invoice,
  kind,
  rated,
  from,
  state,
  add_ons,
}: StoredAwaiting): AwaitedChange {
  return {
    invoiceId: invoice,
    kind,
    rated: (rated ?? []).map(readRated),
    from: {
      status: from.status,
      periodFrom: new Date(from.period_from),
      planId: from.plan,
      paid: read(from.paid),
    },
    state: readState(state),
    addOns: (add_ons ?? []).map(readAddOn),
  };
}

function storeAddOn(addOn: AddOn): StoredAddOn {
  return {
    terms: storeTerms(addOn.terms),
    paid: write(addOn.paid),
    granted: addOn.granted.map(storeAmount),
    granted_windows: addOn.grantedWindows.map(storeWindow),
    held: addOn.held && { until: addOn.held.until.toISOString(), price: write(addOn.held.price) },
    next_quantity: addOn.nextQuantity,
    started_at: addOn.startedAt.toISOString(),
  };
}

function readAddOn(stored: StoredAddOn): AddOn {
  const { held } = stored;
  return {
    terms: readTerms(stored.terms),
    paid: read(stored.paid),
    granted: stored.granted.map(readAmount),
    grantedWindows: stored.granted_windows.map(readWindow),
    held: held && { until: new Date(held.until), price: read(held.price) },
    nextQuantity: stored.next_quantity,
    startedAt: new Date(stored.started_at),
  };
}

function storeRated({ period, planId, version, currency, amounts }: RatedPeriod): StoredRated {
  const [from, to] = [period.from.toISOString(), period.to.toISOString()];
  return { plan: planId, version, currency, from, to, amounts: amounts.map(write) };
}

function readRated({ plan, version, currency, from, to, amounts }: StoredRated): RatedPeriod {
  const period = { from: new Date(from), to: new Date(to) };
  return { period, planId: plan, version, currency, amounts: amounts.map(read) };
}

function storeTerms(terms: SubscriptionTerms): StoredTerms {
  const windows = terms.windows.map(({ window, anchor, ...of }) => ({
    ...{ window, anchor },
    ...storeAmount(of),
  }));
  const included = terms.included.map(storeAmount);
  return { ...terms, price: write(terms.price), included, windows };
}

function readTerms(stored: StoredTerms): SubscriptionTerms {
  const windows = (stored.windows ?? []).map(({ window, anchor, ...of }) => ({
    ...{ window, anchor },
    ...readAmount(of),
  }));
  const included = stored.included.map(readAmount);
  return { ...stored, price: read(stored.price), included, windows };
}

function storeAmount({ meterId, amount }: MeterAmount): StoredAmount {
  return { meter: meterId, amount: write(amount) };
}

function storeWindow({ window, until, ...of }: GrantedWindow): StoredWindow {
  return { ...storeAmount(of), window, until: until.toISOString() };
}

function readWindow({ window, until, ...of }: StoredWindow): GrantedWindow {
  return { ...readAmount(of), window, until: new Date(until) };
}

function readAmount({ meter, amount }: StoredAmount): MeterAmount {
  return { meterId: meter, amount: read(amount) };
}

function storeDiscount(discount: Discount): StoredDiscount {
  return discount.kind === 'percentage'
    ? { kind: 'percentage', value: write(discount.share) }
    : { kind: 'amount', value: write(discount.amount) };
}

function readDiscount({ kind, value }: StoredDiscount): Discount {
  return kind === 'percentage' ? { kind, share: read(value) } : { kind, amount: read(value) };
}

function write({ numerator, denominator }: Ratio): string {
  return `${numerator}/${denominator}`;
}

function read(text: string): Ratio {
  const [numerator = '0', denominator = '1'] = text.split('/');
  return ratio(BigInt(numerator), BigInt(denominator));
}
