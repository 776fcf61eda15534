/**
 * One try to tell a chat. That it begins is committed before anything leaves, and what may have arrived is never sent
 * again: a chat has no way to tell a second copy from a second notice.
 */
import type { Context } from '../../../platform/context.ts';
import { findOrganization } from '../../identity/index.ts';
import { retryDelayMs } from '../core/retry.ts';
import { findDestination } from '../destinations-store.ts';
import type { SendOutcome } from '../provider.ts';
import { chats } from '../providers/index.ts';
import { type ClaimedTelling, claimTelling, finishTelling, postponeTelling } from '../store.ts';
import { messageOf } from './message-of.ts';
import { sealPurpose } from './seals.ts';

export const sendJobName = 'notices.send';

/** Longer than any one try takes. */
const claimMs = 60_000;

export async function sendTelling(context: Context, id: string): Promise<void> {
  const now = context.clocks.wall();
  const until = new Date(now.getTime() + claimMs);
  const telling = await claimTelling(context.database, { id, now, until });
  if (telling) await keepOutcome(context, telling, await attempt(context, telling));
}

async function attempt(context: Context, telling: ClaimedTelling): Promise<SendOutcome> {
  const { organizationId, recipient } = telling;
  const at = { organizationId, id: recipient };
  const destination = await findDestination(context.database, at);
  const organization = await findOrganization(context.database, organizationId);
  if (!destination?.sealedAddress || !organization) {
    return { status: 'refused', detail: 'The chat is not connected any more.' };
  }
  const chat = chats[destination.channel];
  if (!chat.isReady(context)) {
    return { status: 'down', detail: 'This deployment has no bot of its own yet.' };
  }
  const { locale } = destination;
  const address = context.sealer.open(destination.sealedAddress, sealPurpose(destination.id));
  return chat.send(context, address, messageOf(context, telling, { locale, organization }));
}

async function keepOutcome(
  context: Context,
  { tellingId: id, attempts, organizationId }: ClaimedTelling,
  outcome: SendOutcome,
): Promise<void> {
  const at = context.clocks.wall();
  const { database, log } = context;
  if (outcome.status === 'sent') {
    return finishTelling(database, { id, status: 'sent', detail: null, at });
  }
  const { detail } = outcome;
  log.warn(
    { telling: id, organization: organizationId, outcome: outcome.status, detail },
    'a chat was not told',
  );
  if (outcome.status === 'unknown') {
    return finishTelling(database, { id, status: 'unclear', detail, at });
  }
  const delayMs =
    outcome.status === 'down' ? retryDelayMs(attempts, outcome.retryAfterMs) : undefined;
  if (delayMs === undefined) return finishTelling(database, { id, status: 'skipped', detail, at });
  const dueAt = new Date(at.getTime() + delayMs);
  await postponeTelling(database, { id, dueAt, detail });
}
