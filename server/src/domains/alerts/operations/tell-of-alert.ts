import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { invariant } from '../../../platform/errors.ts';
import { announceHappening } from '../../../platform/happenings.ts';
import { formatNanos } from '../../../platform/money.ts';
import { queueMail } from '../../delivery/index.ts';
import { findOrganization, recipientsOf } from '../../identity/index.ts';
import { alertMail } from '../core/mail.ts';
import type { Alert } from '../store.ts';

/** Mails those whom the organization wants told, with the transaction that raises the alert. */
export async function tellOfAlert(
  context: Context,
  transaction: Transaction,
  { organizationId, measure, span, startsAt, endsAt, value, expected }: Alert,
): Promise<void> {
  const organization = await findOrganization(transaction, organizationId);
  invariant(organization, 'whoever used something is there');
  const { usageCurrency, publicUrl } = context.config;
  const shown = (of: bigint) =>
    measure === 'cost' ? { amount: `${formatNanos(of)} ${usageCurrency}` } : { calls: String(of) };
  const when = `${startsAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  const asking = { config: context.config, database: transaction };
  const about = {
    name: organization.name,
    when,
    span,
    value: shown(value),
    expected: shown(expected),
  };
  for (const { email, locale } of await recipientsOf(asking, organizationId, 'usage.anomaly')) {
    const mail = alertMail({ ...about, locale, link: `${publicUrl}/usage` });
    await queueMail(context, transaction, { to: email, ...mail });
  }
  const isCost = measure === 'cost';
  await announceHappening(context, transaction, 'usage.anomaly_found', {
    organizationId,
    data: {
      ...{ measure, starts_at: startsAt.toISOString(), ends_at: endsAt.toISOString() },
      value: isCost ? formatNanos(value) : String(value),
      expected: isCost ? formatNanos(expected) : String(expected),
      currency: isCost ? usageCurrency : null,
    },
  });
}
