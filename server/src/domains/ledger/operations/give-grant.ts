import type { BodyOf } from '@sluice/contract/endpoint';
import type { giveGrant as endpoint } from '@sluice/contract/ledger';
import { type Context, inTransaction } from '../../../platform/context.ts';
import { Refusal } from '../../../platform/errors.ts';
import { formatNanos, parseAmount } from '../../../platform/money.ts';
import { recordAudit } from '../../audit/index.ts';
import type { Grant } from '../grants-store.ts';
import { openGrant } from './open-grant.ts';

/**
 * Gives an organization credit, once or for each period anew.
 * @throws Refusal `not_found`; `currency_unsupported` for another than that of usage; `rule_violated` for one that has
 * expired, `amount_out_of_range`.
 */
export async function giveGrant(
  context: Context,
  { organizationId, ...command }: BodyOf<typeof endpoint> & { organizationId: string },
): Promise<Grant> {
  const { usageCurrency: currency } = context.config;
  if (command.currency !== undefined && command.currency !== currency) {
    throw new Refusal('currency_unsupported', `Give credit in ${currency}: usage is paid in it.`, {
      param: 'currency',
    });
  }
  const expiresAt = command.expires_at ? new Date(command.expires_at) : null;
  if (expiresAt !== null && expiresAt <= context.clocks.business()) {
    throw new Refusal('rule_violated', 'Let the credit expire later than now.', {
      param: 'expires_at',
    });
  }
  const { recurrence } = command;
  const amount = parseAmount(command.amount);
  return inTransaction(context, async (transaction) => {
    const grant = await openGrant(context, transaction, {
      ...{ organizationId, amount: { amount, currency }, priority: command.priority ?? 0 },
      ...{ expiresAt, note: command.note ?? null },
      recurrence: recurrence
        ? {
            interval: { unit: recurrence.interval, count: recurrence.interval_count ?? 1 },
            rolloverMax: parseAmount(recurrence.rollover_max ?? '0', 'recurrence.rollover_max'),
          }
        : null,
    });
    await recordAudit(context, transaction, {
      organizationId,
      action: 'grant.give',
      resource: { kind: 'grant', id: grant.id },
      newValues: {
        ...{ amount: formatNanos(amount), currency, priority: grant.priority, note: grant.note },
        expires_at: expiresAt?.toISOString() ?? null,
        recurrence: recurrence ?? null,
      },
    });
    return grant;
  });
}
