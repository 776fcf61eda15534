/** Links that prove who holds a mailbox: single use, kept as hashes, and gone after a while. */
import type { Context } from '../../../platform/context.ts';
import { newSecret, sha256 } from '../../../platform/crypto.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { Refusal } from '../../../platform/errors.ts';
import { queueMail } from '../../delivery/index.ts';
import { linkMemoryMs, mailWaitMs } from '../core/login-throttle.ts';
import { type MailKind, renderMail } from '../core/mails.ts';
import type { User } from '../core/people.ts';
import { consumeLink, findLastLink, findOpenLink, insertLink } from '../store/links.ts';

const kinds = {
  verify_email: { purpose: 'verify_email', page: 'verify-email', lifetimeMs: 24 * 3_600_000 },
  reset_password: { purpose: 'reset_password', page: 'reset-password', lifetimeMs: 3_600_000 },
  new_password: { purpose: 'reset_password', page: 'reset-password', lifetimeMs: 24 * 3_600_000 },
  open_account: {
    purpose: 'reset_password',
    page: 'reset-password',
    lifetimeMs: 7 * 24 * 3_600_000,
  },
} as const satisfies Record<LinkMail, { purpose: LinkPurpose; page: string; lifetimeMs: number }>;

/** Mails whose link is made here; a change of address makes its own. */
type LinkMail = Exclude<MailKind, 'change_email'>;

/** What a link does. */
type LinkPurpose = 'verify_email' | 'reset_password';

/**
 * Mails the person a fresh link, unless one left a moment ago. The caller holds the user's row, so that two requests at
 * once mail one link.
 */
export async function mailLink(
  context: Context,
  transaction: Transaction,
  user: User,
  kind: LinkMail,
): Promise<void> {
  const now = context.clocks.wall();
  const { purpose, page, lifetimeMs } = kinds[kind];
  const since = new Date(now.getTime() - linkMemoryMs);
  const earlier = await findLastLink(transaction, { userId: user.id, purpose, since });
  // Whoever has just got their account back is not kept waiting by what a thief asked for.
  if (kind !== 'new_password' && mailWaitMs(earlier, now) > 0) return;
  const token = newSecret('');
  await insertLink(transaction, {
    hash: sha256(token),
    userId: user.id,
    purpose,
    createdAt: now,
    expiresAt: new Date(now.getTime() + lifetimeMs),
  });
  const link = `${context.config.publicUrl}/${page}?token=${token}`;
  await queueMail(context, transaction, { to: user.email, ...renderMail(kind, user, link) });
}

/**
 * Uses a link up and answers whose it was.
 * @throws Refusal `link_invalid` where it is unknown, used or too old.
 */
export async function useLink(
  context: Context,
  transaction: Transaction,
  token: string,
  purpose: LinkPurpose,
): Promise<string> {
  const userId = await consumeLink(transaction, {
    hash: sha256(token),
    purpose,
    now: context.clocks.wall(),
  });
  if (userId === undefined) throw linkInvalid();
  return userId;
}

/** Whether a link would be taken; nothing is used up. */
export function isOpenLink(
  { database, clocks }: Context,
  token: string,
  purpose: LinkPurpose,
): Promise<boolean> {
  return findOpenLink(database, { hash: sha256(token), purpose, now: clocks.wall() });
}

/** The refusal for a link that is unknown, used or too old: the three are never told apart. */
export function linkInvalid(): Refusal {
  return new Refusal(
    'link_invalid',
    'The link was used before or is too old: ask for another one.',
    { param: 'token' },
  );
}
