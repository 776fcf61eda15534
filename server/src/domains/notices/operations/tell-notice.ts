/**
 * Decides whom a notice is told, and by which way. Its row is locked, and everybody is written down with the same commit:
 * of two processes the second finds it done, and a crash leaves it as it was.
 */
import { createHash } from 'node:crypto';
import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { newId } from '../../../platform/ids.ts';
import { audienceOf, findOrganization, type Organization } from '../../identity/index.ts';
import { enqueueJob } from '../../jobs/index.ts';
import { told } from '../core/happenings.ts';
import type { Locale, ToldName } from '../core/wording.ts';
import { findDestinations } from '../destinations-store.ts';
import { postMail } from '../providers/mail/index.ts';
import { insertTelling, lockUntold, markTold, type NewTelling, type Notice } from '../store.ts';
import { messageOf } from './message-of.ts';
import { sendJobName } from './send-telling.ts';

export async function tellNotice(context: Context, id: string): Promise<void> {
  await inTransaction(context, async (transaction) => {
    const notice = await lockUntold(transaction, id);
    if (!notice) return;
    const organization = await findOrganization(transaction, notice.organizationId);
    if (organization) await tell(context, transaction, { notice, organization });
    await markTold(transaction, id, context.clocks.wall());
  });
}

interface Occasion {
  notice: Notice;
  organization: Organization;
}

async function tell(
  context: Context,
  transaction: Transaction,
  { notice, organization }: Occasion,
): Promise<void> {
  const { setting, isMailedElsewhere } = told[notice.name as ToldName];
  const write = (telling: Recorded) => record(context, transaction, notice, telling);
  if (setting === null) {
    if (notice.userId !== null) await write({ channel: 'app', userId: notice.userId });
    return;
  }
  const asking = { database: transaction };
  const { channels, members, addresses } = await audienceOf(asking, organization.id, setting);
  if (channels.includes('app')) {
    for (const { userId } of members) await write({ channel: 'app', userId });
  }
  if (channels.includes('mail') && !isMailedElsewhere) {
    const mail = async (to: string, locale: Locale, userId: string | null) => {
      const message = messageOf(context, notice, { locale, organization });
      const messageId = await postMail(context, transaction, { to, message, locale });
      await write({ channel: 'mail', userId, recipient: userId ?? hashOf(to), messageId });
    };
    for (const { email, locale, userId } of members) await mail(email, locale, userId);
    for (const email of addresses) await mail(email, context.config.locale, null);
  }
  for (const { id, channel, sealedAddress } of await findDestinations(
    transaction,
    organization.id,
  )) {
    const isTold = channels.includes(channel) && sealedAddress !== null;
    if (isTold) await write({ channel, recipient: id, userId: null, status: 'queued' });
  }
}

type Recorded = Pick<NewTelling, 'channel' | 'userId'> &
  Partial<Pick<NewTelling, 'recipient' | 'status' | 'messageId'>>;

async function record(
  context: Context,
  transaction: Transaction,
  { id: noticeId, organizationId, occurredAt }: Notice,
  { channel, userId, recipient, status = 'sent', messageId = null }: Recorded,
): Promise<void> {
  const id = newId('ntl', occurredAt);
  await insertTelling(transaction, {
    ...{ id, noticeId, organizationId, channel, userId, status, messageId },
    recipient: recipient ?? userId ?? '',
    at: context.clocks.wall(),
  });
  if (status === 'queued') await enqueueJob(transaction, sendJobName, { id });
}

/** Enough to tell an address again, and not to read it. */
function hashOf(email: string): string {
  return createHash('sha256').update(email).digest('hex').slice(0, 32);
}
