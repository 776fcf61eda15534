/** Subscriptions in rows: fractions are texts, "numerator/denominator". */
import type { ColumnType, Insertable, Selectable } from 'kysely';
import { type Ratio, ratio } from '../../platform/ratio.ts';
import type { Discount } from '../invoicing/index.ts';
import type { Subscription } from './core/record.ts';
import type { MeterAmount, SubscriptionState, SubscriptionTerms } from './core/subscription.ts';

type Json<T> = ColumnType<T, string, string>;
type Nullable<T> = ColumnType<T | null, string | null, string | null>;

export interface SubscriptionTable {
  id: string;
  organization_id: string;
  status: SubscriptionState['status'];
  plan_id: string;
  plan_version: number;
  terms: Json<StoredTerms>;
  pending: Nullable<StoredTerms>;
  anchor_at: Date;
  time_zone: string;
  period_from: Date;
  period_to: Date;
  trial_ends_at: Date | null;
  cancel_at: Date | null;
  paid: string;
  granted: Json<StoredAmount[]>;
  held: Nullable<{ until: string; price: string }>;
  coupon_code: string | null;
  discount: Nullable<StoredDiscount>;
  discounted_invoices_left: number | null;
  provider: string | null;
  latest_invoice_id: string | null;
  collecting_invoice_id: string | null;
  overdue_since: Date | null;
  dunning_taken: number;
  is_suspended: boolean;
  noticed_for: Date | null;
  due_at: Date | null;
  started_at: Date;
  ended_at: Date | null;
  updated_at: Date;
}

type StoredAmount = { meter: string; amount: string };
type StoredTerms = Omit<SubscriptionTerms, 'price' | 'included'> & {
  price: string;
  included: StoredAmount[];
};
type StoredDiscount = { kind: 'percentage' | 'amount'; value: string };

export function toRow(
  subscription: Subscription,
  at: { dueAt: Date | null; updatedAt: Date },
): Insertable<SubscriptionTable> {
  const { state, coupon } = subscription;
  return {
    id: subscription.id,
    organization_id: subscription.organizationId,
    status: state.status,
    plan_id: state.terms.planId,
    plan_version: state.terms.version,
    terms: JSON.stringify(storeTerms(state.terms)),
    pending: state.pending && JSON.stringify(storeTerms(state.pending)),
    anchor_at: state.anchorAt,
    time_zone: state.timeZone,
    period_from: state.period.from,
    period_to: state.period.to,
    trial_ends_at: subscription.trialEndsAt,
    cancel_at: state.cancelAt,
    paid: write(state.paid),
    granted: JSON.stringify(state.granted.map(storeAmount)),
    held:
      state.held &&
      JSON.stringify({ until: state.held.until.toISOString(), price: write(state.held.price) }),
    coupon_code: coupon?.code ?? null,
    discount: coupon && JSON.stringify(storeDiscount(coupon.discount)),
    discounted_invoices_left: coupon?.invoicesLeft ?? null,
    provider: subscription.provider,
    latest_invoice_id: subscription.latestInvoiceId,
    collecting_invoice_id: subscription.collectingInvoiceId,
    overdue_since: subscription.overdueSince,
    dunning_taken: subscription.dunningTaken,
    is_suspended: subscription.isSuspended,
    noticed_for: subscription.noticedFor,
    due_at: at.dueAt,
    started_at: subscription.startedAt,
    ended_at: subscription.endedAt,
    updated_at: at.updatedAt,
  };
}

export function fromRow(row: Selectable<SubscriptionTable>): Subscription {
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
      held: held && { until: new Date(held.until), price: read(held.price) },
    },
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
    latestInvoiceId: row.latest_invoice_id,
    collectingInvoiceId: row.collecting_invoice_id,
    overdueSince: row.overdue_since,
    dunningTaken: row.dunning_taken,
    isSuspended: row.is_suspended,
    noticedFor: row.noticed_for,
    startedAt: row.started_at,
    endedAt: row.ended_at,
  };
}

function storeTerms(terms: SubscriptionTerms): StoredTerms {
  return { ...terms, price: write(terms.price), included: terms.included.map(storeAmount) };
}

function readTerms(stored: StoredTerms): SubscriptionTerms {
  return { ...stored, price: read(stored.price), included: stored.included.map(readAmount) };
}

function storeAmount({ meterId, amount }: MeterAmount): StoredAmount {
  return { meter: meterId, amount: write(amount) };
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
