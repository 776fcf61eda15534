import { randomBytes } from 'node:crypto';
import type { AnswerOf, BodyOf } from '@sluice/contract/endpoint';
import type { createRedemptionCodes as endpoint } from '@sluice/contract/redemptions';
import { type Context, inTransaction } from '../../../platform/context.ts';
import { sha256 } from '../../../platform/crypto.ts';
import { Refusal } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import { formatNanos, parseAmount } from '../../../platform/money.ts';
import { recordAudit } from '../../audit/index.ts';
import { presentBatch } from '../core/present-redemptions.ts';
import { canonicalCode, redemptionCodeLength, redemptionCodeOf } from '../core/redemption-code.ts';
import { type Batch, insertBatch } from '../redemptions-store.ts';

/**
 * Makes a batch of codes; they are answered here and kept as hashes only.
 * @throws Refusal `currency_unsupported` for another than that of usage; `rule_violated` for a batch that has expired;
 * `amount_out_of_range`.
 */
export async function createRedemptionCodes(
  context: Context,
  command: BodyOf<typeof endpoint>,
): Promise<AnswerOf<typeof endpoint>> {
  const batch = batchOf(context, command);
  const codes = Array.from({ length: command.count }, () =>
    redemptionCodeOf(randomBytes(redemptionCodeLength)),
  );
  const hashes = codes.map((code) => sha256(canonicalCode(code)));
  await inTransaction(context, async (transaction) => {
    await insertBatch(transaction, batch, hashes);
    await recordAudit(context, transaction, {
      organizationId: null,
      action: 'redemption_code.create',
      resource: { kind: 'redemption_code_batch', id: batch.id },
      newValues: {
        ...{ name: batch.name, count: command.count },
        ...{ amount: formatNanos(batch.amount), currency: batch.currency },
        ...{ priority: batch.priority, credit_expires_in_days: batch.creditExpiresInDays },
        expires_at: batch.expiresAt?.toISOString() ?? null,
        max_redemptions_per_organization: batch.maxPerOrganization,
      },
    });
  });
  return { ...presentBatch({ ...batch, unused: command.count, redeemed: 0, void: 0 }), codes };
}

function batchOf(context: Context, command: BodyOf<typeof endpoint>): Batch {
  const { usageCurrency: currency } = context.config;
  const now = context.clocks.business();
  if (command.currency !== undefined && command.currency !== currency) {
    throw new Refusal('currency_unsupported', `Give credit in ${currency}: usage is paid in it.`, {
      param: 'currency',
    });
  }
  const expiresAt = command.expires_at ? new Date(command.expires_at) : null;
  if (expiresAt !== null && expiresAt <= now) {
    throw new Refusal('rule_violated', 'Let the codes expire later than now.', {
      param: 'expires_at',
    });
  }
  return {
    ...{ id: newId('rcb', now), name: command.name, currency, createdAt: now, expiresAt },
    ...{ amount: parseAmount(command.amount), priority: command.priority ?? 0 },
    creditExpiresInDays: command.credit_expires_in_days ?? null,
    maxPerOrganization: command.max_redemptions_per_organization ?? 1,
  };
}
