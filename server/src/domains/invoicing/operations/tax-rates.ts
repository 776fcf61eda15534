import type { BodyOf } from '@sluice/contract/endpoint';
import type * as endpoints from '@sluice/contract/tax';
import { type Context, inTransaction } from '../../../platform/context.ts';
import { notFound, Refusal } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import { recordAudit } from '../../audit/index.ts';
import { findRateBeginning, insertTaxRate, lockTaxRate, saveTaxRate } from '../billing-store.ts';
import type { TaxRate } from '../core/tax.ts';

/**
 * Adds the tax of a country from an instant on, by default now.
 * @throws Refusal `already_exists`.
 */
export async function createTaxRate(
  context: Context,
  body: BodyOf<typeof endpoints.createTaxRate>,
): Promise<TaxRate> {
  const now = context.clocks.business();
  const rate: TaxRate = {
    id: newId('txr', now),
    country: body.country,
    name: body.name,
    rate: body.rate,
    isInclusive: body.inclusive ?? false,
    validFrom: body.valid_from === undefined ? now : new Date(body.valid_from),
  };
  return inTransaction(context, async (transaction) => {
    if (!(await insertTaxRate(transaction, rate))) throw taken(rate);
    await recordAudit(context, transaction, {
      organizationId: null,
      action: 'tax_rate.create',
      resource: { kind: 'tax_rate', id: rate.id },
      newValues: { ...rate },
    });
    return rate;
  });
}

/**
 * Corrects a tax rate; what was invoiced keeps what it was invoiced with.
 * @throws Refusal `not_found`, `already_exists`.
 */
export async function updateTaxRate(
  context: Context,
  id: string,
  body: BodyOf<typeof endpoints.updateTaxRate>,
): Promise<TaxRate> {
  return inTransaction(context, async (transaction) => {
    const old = await lockTaxRate(transaction, id);
    if (!old) throw notFound('tax rate');
    const rate: TaxRate = {
      id,
      country: body.country ?? old.country,
      name: body.name ?? old.name,
      rate: body.rate ?? old.rate,
      isInclusive: body.inclusive ?? old.isInclusive,
      validFrom: body.valid_from === undefined ? old.validFrom : new Date(body.valid_from),
    };
    const other = await findRateBeginning(transaction, rate);
    if (other !== undefined && other !== id) throw taken(rate);
    await saveTaxRate(transaction, rate);
    await recordAudit(context, transaction, {
      organizationId: null,
      action: 'tax_rate.update',
      resource: { kind: 'tax_rate', id },
      oldValues: { ...old },
      newValues: { ...rate },
    });
    return rate;
  });
}

function taken({ country }: TaxRate): Refusal {
  return new Refusal(
    'already_exists',
    `${country} has a rate from that instant: correct that one, or begin at another time.`,
    { param: 'valid_from' },
  );
}
