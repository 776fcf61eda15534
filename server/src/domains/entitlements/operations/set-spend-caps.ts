import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { invariant } from '../../../platform/errors.ts';
import { parseQuantity } from '../../../platform/quantity.ts';
import { costMeterId, findMetersById } from '../../catalog/index.ts';
import { changeQuotas, type QuotaGrant } from './change-quotas.ts';

/** What a key may cost, in the usage currency as decimal text; null: no cap. */
export interface KeyLimits {
  organizationId: string;
  apiKeyId: string;
  spendCaps: { day: string | null; month: string | null; total: string | null };
}

/** The windows that caps are of, on the calendar. */
export const capWindows = { day: 'day', month: 'month', total: 'lifetime' } as const;

/** Makes an API key's spend caps into quotas on cost, which calls are decided by. */
export async function setSpendCaps(
  context: Context,
  transaction: Transaction,
  { organizationId, apiKeyId, spendCaps }: KeyLimits,
): Promise<void> {
  const meter = (await findMetersById(transaction, [costMeterId])).get(costMeterId);
  invariant(meter, 'the deployment counts cost');
  const startsAt = context.clocks.business();
  const add = (['day', 'month', 'total'] as const).flatMap((span): QuotaGrant[] => {
    const text = spendCaps[span];
    if (text === null) return [];
    const limit = parseQuantity(text, 'money');
    invariant(limit !== undefined, `the cap ${text} is an amount`);
    return [
      {
        subject: { kind: 'api_key', id: apiKeyId },
        meter,
        window: capWindows[span],
        anchorAt: null,
        source: {
          source: 'api_key',
          sourceId: apiKeyId,
          limit,
          hard: true,
          startsAt,
          endsAt: null,
        },
      },
    ];
  });
  await changeQuotas(context, transaction, {
    organizationId,
    remove: { source: 'api_key', sourceId: apiKeyId },
    add,
  });
}
