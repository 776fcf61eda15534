import type {
  createCoupon as endpoint,
  updateCoupon as updateEndpoint,
} from '@sluice/contract/coupons';
import type { BodyOf } from '@sluice/contract/endpoint';
import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { notFound, Refusal } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import { parseMinor } from '../../../platform/money.ts';
import { recordAudit } from '../../audit/index.ts';
import { isSameJson } from '../core/same-json.ts';
import { type CouponRow, insertCoupon, lockCoupon, saveCoupon } from '../coupons-store.ts';

type Command = BodyOf<typeof endpoint>;
type Changes = BodyOf<typeof updateEndpoint>;

/**
 * Makes a coupon.
 * @throws Refusal `already_exists` for a code that is taken; `rule_violated` for what is no discount.
 */
export async function createCoupon(context: Context, command: Command): Promise<CouponRow> {
  return inTransaction(context, (transaction) => createCouponWithin(context, transaction, command));
}

/** As `createCoupon`, within the transaction of a larger change. */
export async function createCouponWithin(
  context: Context,
  transaction: Transaction,
  command: Command,
): Promise<CouponRow> {
  const now = context.clocks.business();
  const row: CouponRow = {
    id: newId('cpn', now),
    code: command.code,
    name: command.name ?? command.code,
    ...discountOf(command),
    duration: command.duration,
    periods: periodsOf(command),
    redemptions_max: command.redemptions_max ?? null,
    redemptions_per_organization_max: command.redemptions_per_organization_max ?? null,
    redemptions: 0,
    plans: command.plans ?? null,
    expires_at: instantOf(command.expires_at ?? null),
    status: 'active',
    created_at: now,
    updated_at: now,
  };
  if (!(await insertCoupon(transaction, row))) {
    throw new Refusal('already_exists', `There is a coupon "${row.code}": choose another code.`, {
      param: 'code',
    });
  }
  await recordAudit(context, transaction, {
    organizationId: null,
    action: 'coupon.create',
    resource: { kind: 'coupon', id: row.id },
    newValues: auditValues(row),
  });
  return row;
}

/**
 * Changes who may still redeem a coupon.
 * @throws Refusal `not_found`; `rule_violated` for a limit below what was redeemed.
 */
export async function updateCoupon(
  context: Context,
  id: string,
  changes: Changes,
): Promise<CouponRow> {
  return inTransaction(context, (transaction) =>
    updateCouponWithin(context, transaction, id, changes),
  );
}

/** As `updateCoupon`, within the transaction of a larger change. */
export async function updateCouponWithin(
  context: Context,
  transaction: Transaction,
  id: string,
  changes: Changes,
): Promise<CouponRow> {
  const before = await lockCoupon(transaction, id);
  if (!before) throw notFound('coupon');
  const after: CouponRow = {
    ...before,
    name: changes.name ?? before.name,
    redemptions_max: given(changes.redemptions_max, before.redemptions_max),
    redemptions_per_organization_max: given(
      changes.redemptions_per_organization_max,
      before.redemptions_per_organization_max,
    ),
    expires_at:
      changes.expires_at === undefined ? before.expires_at : instantOf(changes.expires_at),
    status: changes.status ?? before.status,
    updated_at: context.clocks.business(),
  };
  if (after.redemptions_max !== null && after.redemptions_max < before.redemptions) {
    throw new Refusal(
      'rule_violated',
      `It was redeemed ${before.redemptions} times already: archive it to stop it.`,
      { param: 'redemptions_max' },
    );
  }
  if (isSameJson(auditValues(before), auditValues(after))) return before;
  await saveCoupon(transaction, after);
  await recordAudit(context, transaction, {
    organizationId: null,
    action: 'coupon.update',
    resource: { kind: 'coupon', id: before.id },
    oldValues: auditValues(before),
    newValues: auditValues(after),
  });
  return after;
}

/** What a coupon takes off: a percentage, or an amount of one currency. @throws Refusal `rule_violated`. */
export function discountOf({
  percent,
  amount,
  currency,
}: Pick<Command, 'percent' | 'amount' | 'currency'>) {
  if (percent !== undefined && amount === undefined && currency === undefined) {
    return { percent, amount_minor: null, currency: null };
  }
  if (percent === undefined && amount !== undefined && currency !== undefined) {
    return { percent: null, amount_minor: parseMinor(amount, currency).minor, currency };
  }
  throw new Refusal('rule_violated', 'Give a percent, or an amount with its currency.', {
    param: amount === undefined ? 'percent' : 'amount',
  });
}

function periodsOf({ duration, periods }: Command): number | null {
  if ((duration === 'repeating') === (periods !== undefined)) return periods ?? null;
  throw new Refusal(
    'rule_violated',
    duration === 'repeating'
      ? 'Say for how many invoices it repeats.'
      : 'Only a coupon that repeats has a number of periods: leave it out.',
    { param: 'periods' },
  );
}

function given<T>(change: T | undefined, before: T): T {
  return change === undefined ? before : change;
}

function instantOf(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}

function auditValues(row: CouponRow): Record<string, unknown> {
  const { amount_minor: amount, expires_at: expiresAt, plans, ...plain } = row;
  const { created_at: _created, updated_at: _updated, redemptions: _count, ...values } = plain;
  return {
    ...values,
    plans,
    amount_minor: amount === null ? null : String(amount),
    expires_at: expiresAt?.toISOString() ?? null,
  };
}
