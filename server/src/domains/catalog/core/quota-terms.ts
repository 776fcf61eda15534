/** The quotas of a plan or package: what is promised of which meter, within which window. */
import type { Aggregation, MeterUnit } from '@sluice/contract/meters';
import type { QuotaTerms as QuotaTermsAnswer, Window } from '@sluice/contract/plans';
import type { z } from 'zod';
import { formatNanos, parseNanos } from '../../../platform/money.ts';
import { formatQuantity, parseQuantity, quantityAdvice } from '../../../platform/quantity.ts';

export interface QuotaTerms {
  meterId: string;
  /** The meter's name and unit, which never change. */
  reference: string;
  unit: MeterUnit;
  window: Window;
  anchor: 'calendar' | 'subscription';
  /** In the meter's smallest parts; null: unlimited. */
  limit: bigint | null;
  hard: boolean;
  /** Of a unit past the limit, in the currency's major unit; null: there is no more. */
  overagePrice: string | null;
}

/** As it is kept in a plan's or package's row. */
export interface StoredQuota {
  meter: string;
  reference: string;
  unit: MeterUnit;
  window: Window;
  anchor: 'calendar' | 'subscription';
  limit: string | null;
  hard: boolean;
  /** Left out by versions of before there was any. */
  overage_price?: string | null;
}

/** What a quota is asked for with. */
export interface QuotaRequest {
  window: Window;
  anchor?: 'calendar' | 'subscription' | undefined;
  limit: string | null;
  hard?: boolean | undefined;
  overage_price?: string | null | undefined;
}

/** What of a meter decides which quotas it may have. */
export interface QuotaMeter {
  id: string;
  reference: string;
  aggregation: Aggregation;
  unit: MeterUnit;
  kind: 'flow' | 'level';
}

export type QuotaDecision =
  | { terms: QuotaTerms }
  | { field: 'window' | 'anchor' | 'limit' | 'hard'; sentence: string };

/** Which ways of counting can refuse before the use: the others are only known afterwards. */
export function canBeHard(aggregation: Aggregation): boolean {
  return aggregation === 'count' || aggregation === 'sum' || aggregation === 'latest';
}

const anchoredWindows: readonly Window[] = ['day', 'month', 'year'];

/** Decides whether a meter may have this quota, and says what to write instead. */
export function decideQuota(meter: QuotaMeter, request: QuotaRequest): QuotaDecision {
  const { window, anchor = 'calendar' } = request;
  const hard = request.hard ?? canBeHard(meter.aggregation);
  if (meter.kind === 'level' && window !== 'lifetime') {
    return {
      field: 'window',
      sentence: `"${meter.reference}" is a level, which no window uses up: write lifetime.`,
    };
  }
  if (anchor === 'subscription' && !anchoredWindows.includes(window)) {
    return {
      field: 'anchor',
      sentence: 'Only windows of a day, month or year can follow the subscription: write calendar.',
    };
  }
  if (hard && !canBeHard(meter.aggregation)) {
    return {
      field: 'hard',
      sentence: `What "${meter.reference}" has used is only known afterwards (${meter.aggregation}): write false.`,
    };
  }
  const limit = request.limit === null ? null : parseQuantity(request.limit, meter.unit);
  if (limit === undefined) return { field: 'limit', sentence: quantityAdvice(meter.unit) };
  const { id: meterId, reference, unit } = meter;
  const overagePrice = request.overage_price ?? null;
  return { terms: { meterId, reference, unit, window, anchor, limit, hard, overagePrice } };
}

export function storeQuota({ meterId, limit, overagePrice, ...terms }: QuotaTerms): StoredQuota {
  return {
    ...terms,
    meter: meterId,
    limit: limit === null ? null : String(limit),
    ...(overagePrice !== null && { overage_price: overagePrice }),
  };
}

export function readQuota({ meter, limit, overage_price, ...stored }: StoredQuota): QuotaTerms {
  return {
    ...stored,
    meterId: meter,
    limit: limit === null ? null : BigInt(limit),
    overagePrice: overage_price ?? null,
  };
}

export function presentQuota(stored: StoredQuota): z.output<typeof QuotaTermsAnswer> {
  const { reference, unit, window, anchor, limit, hard } = stored;
  return {
    meter: reference,
    unit,
    window,
    anchor,
    limit: limit === null ? null : formatQuantity(BigInt(limit), unit),
    hard,
    overage_price:
      stored.overage_price == null ? null : formatNanos(parseNanos(stored.overage_price)),
  };
}
