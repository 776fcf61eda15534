import { type Context, inTransaction } from '../../../platform/context.ts';
import { notFound, Refusal } from '../../../platform/errors.ts';
import { recordAudit } from '../../audit/index.ts';
import { findNotification } from '../inbox-store.ts';
import { loadProvider } from './load-provider.ts';
import { handleStored } from './retry-notifications.ts';
import { withinTime } from './within-time.ts';

const answerWithinMs = 15_000;

/**
 * Handles a notification again at an operator's word: a dead letter, or one that was done, which finds everything done and
 * changes nothing. What takes longer than the answer may, goes on without it.
 * @throws Refusal `not_found`, `invalid_state`, `provider_not_configured`.
 */
export async function replayNotification(context: Context, id: string): Promise<void> {
  const stored = await findNotification(context.database, id);
  if (!stored) throw notFound('notification');
  if (stored.isCut) {
    throw new Refusal(
      'invalid_state',
      'Only the beginning of this one was kept: let the provider send it again.',
    );
  }
  const loaded = await loadProvider(context, context.database, stored.provider);
  if (!loaded?.connection) {
    throw new Refusal(
      'provider_not_configured',
      'Fill in the provider’s settings first, then replay what it told us.',
    );
  }
  await inTransaction(context, (transaction) =>
    recordAudit(context, transaction, {
      organizationId: null,
      action: 'payment_notification.replay',
      resource: { kind: 'payment_notification', id },
      newValues: { provider: stored.provider, outcome: stored.outcome },
    }),
  );
  await withinTime(handleStored(context, stored), answerWithinMs, (error) =>
    context.log.error({ err: error, notification: id }, 'a replayed notification failed'),
  );
}
