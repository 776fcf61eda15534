import { type Context, inTransaction } from '../../../platform/context.ts';
import { notFound, Refusal } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import { dayOf } from '../../../platform/time.ts';
import { recordAudit } from '../../audit/index.ts';
import { openReconciliation } from '../reconciliation-store.ts';
import { loadProvider } from './load-provider.ts';
import { reconcile } from './reconcile.ts';
import { withinTime } from './within-time.ts';

const answerWithinMs = 20_000;

/**
 * Reconciles a day at an operator's word, for the first time or again; answers its id. What takes longer than the answer
 * may, goes on without it.
 * @throws Refusal `not_found`, `provider_not_configured`, `rule_violated`.
 */
export async function createReconciliation(
  context: Context,
  { provider, date }: { provider: string; date: string },
): Promise<string> {
  const loaded = await loadProvider(context, context.database, provider);
  if (!loaded) throw notFound('payment provider', 'provider');
  const { connection } = loaded;
  const { name, capabilities, calendar = 'UTC' } = loaded.provider;
  if (!capabilities.statements) {
    throw new Refusal('rule_violated', `${name} hands out no statements.`, { param: 'provider' });
  }
  if (!connection?.statement) {
    throw new Refusal('provider_not_configured', `Fill in the settings of ${name} first.`);
  }
  const now = context.clocks.business();
  if (date > dayOf(now, calendar)) {
    throw new Refusal('rule_violated', 'That day has not begun: choose an earlier one.', {
      param: 'date',
    });
  }
  const { merchant } = connection;
  const { id } = await inTransaction(context, async (transaction) => {
    const opened = await openReconciliation(transaction, {
      ...{ id: newId('rec', now), provider, merchant, date, at: now },
    });
    await recordAudit(context, transaction, {
      organizationId: null,
      action: 'reconciliation.run',
      resource: { kind: 'reconciliation', id: opened.id },
      newValues: { provider, date },
    });
    return opened;
  });
  await withinTime(reconcile(context, { id }), answerWithinMs, (error) =>
    context.log.error({ err: error, reconciliation: id }, 'a reconciliation failed'),
  );
  return id;
}
