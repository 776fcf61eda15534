import type { updatePackage as endpoint } from '@sluice/contract/catalog';
import type { BodyOf } from '@sluice/contract/endpoint';
import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { notFound } from '../../../platform/errors.ts';
import { fromMinor, parseAmount, parseMinor, toMinorExact } from '../../../platform/money.ts';
import { recordAudit } from '../../audit/index.ts';
import { refuseOverage } from '../core/overage.ts';
import { isSameJson } from '../core/same-json.ts';
import { lockPackage, type PackageRow, replacePackage } from '../store.ts';
import { auditValues } from './create-package.ts';
import { resolveQuotas } from './resolve-quotas.ts';

type Changes = BodyOf<typeof endpoint>;

/**
 * Changes a package for those who buy it from now on; what was sold keeps what it was sold with.
 * @throws Refusal `not_found`, `amount_out_of_range`, `meter_unknown`, `rule_violated`.
 */
export async function updatePackage(
  context: Context,
  id: string,
  changes: Changes,
): Promise<PackageRow> {
  return inTransaction(context, (transaction) =>
    updatePackageWithin(context, transaction, id, changes),
  );
}

/** As `updatePackage`, within the transaction of a larger change. */
export async function updatePackageWithin(
  context: Context,
  transaction: Transaction,
  id: string,
  changes: Changes,
): Promise<PackageRow> {
  const before = await lockPackage(transaction, id);
  if (!before) throw notFound('package');
  const quotas =
    changes.quotas && (await resolveQuotas(transaction, changes.quotas, null, before.quotas));
  const after = {
    ...applyChanges(before, changes, context.clocks.business()),
    quotas: quotas ? refuseOverage(quotas) : before.quotas,
  };
  if (isSameJson(auditValues(before), auditValues(after))) return before;
  await replacePackage(transaction, after);
  await recordAudit(context, transaction, {
    organizationId: null,
    action: 'package.update',
    resource: { kind: 'package', id },
    oldValues: auditValues(before),
    newValues: auditValues(after),
  });
  return after;
}

function applyChanges(before: PackageRow, changes: Changes, now: Date): PackageRow {
  const currency = changes.currency ?? before.currency;
  const price =
    changes.price === undefined
      ? rescaled(before, currency)
      : parseMinor(changes.price, currency, 'price').minor;
  return {
    ...before,
    name: changes.name ?? before.name,
    description: changes.description === undefined ? before.description : changes.description,
    price_minor: price,
    currency,
    duration_days: changes.duration_days ?? before.duration_days,
    daily_limit:
      changes.daily_limit === undefined
        ? before.daily_limit
        : parseAmount(changes.daily_limit, 'daily_limit'),
    sort_order: changes.sort_order ?? before.sort_order,
    status: changes.status ?? before.status,
    updated_at: now,
  };
}

/** The same number in another currency, whose minor unit may have another scale: 30.00 USD becomes 30 JPY. */
function rescaled(before: PackageRow, currency: string): bigint {
  const { amount } = fromMinor({ minor: before.price_minor, currency: before.currency });
  return toMinorExact({ amount, currency }, 'currency').minor;
}
