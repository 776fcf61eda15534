import { type Context, inTransaction } from '../../../platform/context.ts';
import { newSecret, sha256 } from '../../../platform/crypto.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { invariant } from '../../../platform/errors.ts';
import { recordAudit } from '../../audit/index.ts';
import { queueMail } from '../../delivery/index.ts';
import { renderMail } from '../core/mails.ts';
import { normalizeEmail, type User } from '../core/people.ts';
import { findEmailHolder, insertEmailLink, spendLinks } from '../store/accounts.ts';
import { findUserByEmail, lockUser } from '../store/users.ts';
import { countRequest } from './limit-address.ts';
import { personalChain } from './personal-chain.ts';
import { type Person, type Proof, proveAgain } from './prove-again.ts';

const linkMs = 24 * 3_600_000;
/** Mails that one person can have sent to addresses of others. */
const changesPerHour = 5;

/**
 * Mails a link to another address; the account keeps its own until the link is opened. The answer does not tell whether
 * somebody has the address: where they do, nothing is mailed.
 * @throws Refusal `proof_required`, `proof_invalid`, `too_many_requests`.
 */
export async function changeEmail(
  context: Context,
  person: Person,
  { email: typed, proof }: { email: string; proof: Proof },
): Promise<void> {
  const { userId } = person;
  await countRequest(context, { subject: `change_email:${userId}`, perHour: changesPerHour });
  await proveAgain(context, person, { proof, need: 'strong' });
  const email = normalizeEmail(typed);
  await inTransaction(context, async (transaction) => {
    const user = await lockUser(transaction, userId);
    invariant(user, 'a session belongs to a person');
    const now = context.clocks.wall();
    await spendLinks(transaction, { userId, purposes: ['change_email'], now });
    await recordAudit(context, transaction, {
      organizationId: await personalChain(transaction, userId),
      action: 'user.ask_to_change_email',
      resource: { kind: 'user', id: userId },
      newValues: { email },
    });
    if (await isTaken(transaction, { email, userId, now })) return;
    await mailTo(context, transaction, { user, email, now });
  });
}

async function isTaken(
  transaction: Transaction,
  wanted: { email: string; userId: string; now: Date },
): Promise<boolean> {
  const user = await findUserByEmail(transaction, wanted.email);
  const holder = user?.id ?? (await findEmailHolder(transaction, wanted));
  return holder !== undefined && (user !== undefined || holder !== wanted.userId);
}

async function mailTo(
  context: Context,
  transaction: Transaction,
  { user, email, now }: { user: User; email: string; now: Date },
): Promise<void> {
  const token = newSecret('');
  await insertEmailLink(transaction, {
    ...{ hash: sha256(token), userId: user.id, purpose: 'change_email', email, createdAt: now },
    expiresAt: new Date(now.getTime() + linkMs),
  });
  const link = `${context.config.publicUrl}/confirm-email?token=${token}`;
  await queueMail(context, transaction, { to: email, ...renderMail('change_email', user, link) });
}
