import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { queueMail } from '../../delivery/index.ts';
import { deviceOf } from '../core/device.ts';
import { type NoticeKind, renderNotice } from '../core/notices.ts';
import type { User } from '../core/people.ts';

/** Mails a person what just happened at their account, and from where. */
export async function notifyPerson(
  context: Context,
  transaction: Transaction,
  notice: {
    user: Pick<User, 'email' | 'locale' | 'name'>;
    kind: NoticeKind;
    detail?: string;
    link?: string;
  },
): Promise<void> {
  const { user, kind, ...more } = notice;
  const { ip, userAgent } = context.actor;
  const facts = { at: context.clocks.wall(), ip, device: deviceOf(userAgent), ...more };
  await queueMail(context, transaction, { to: user.email, ...renderNotice(kind, user, facts) });
}
