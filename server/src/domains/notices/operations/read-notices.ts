/** What somebody was told in the app. */

import type { AnswerOf, QueryOf } from '@sluice/contract/endpoint';
import type { listNotices } from '@sluice/contract/notices';
import type { Context } from '../../../platform/context.ts';
import { notFound } from '../../../platform/errors.ts';
import { type Page, pageOf, readCursor } from '../../../platform/http/pages.ts';
import { findOrganization, findUser } from '../../identity/index.ts';
import { say, type ToldName } from '../core/wording.ts';
import { countUnread, listNoticeRows, markRead } from '../reading-store.ts';

type View = AnswerOf<typeof listNotices>['data'][number];

export interface Reader {
  organizationId: string;
  userId: string;
}

/** What is not read is counted so far: the bell shows no larger figure. */
const unreadMax = 100;

export async function readNotices(
  context: Context,
  reader: Reader,
  { unread, locale: asked, ...page }: QueryOf<typeof listNotices>,
): Promise<Page<View>> {
  const { database, config } = context;
  const rows = await listNoticeRows(database, {
    ...reader,
    ...{ isUnread: unread === 'true', before: readCursor(page), limit: page.limit + 1 },
  });
  const organization = await findOrganization(database, reader.organizationId);
  const person = asked ? undefined : await findUser(database, reader.userId);
  const locale = asked ?? person?.locale ?? config.locale;
  const timeZone = organization?.timeZone ?? config.timeZone;
  return pageOf(
    rows,
    page,
    ({ id }) => id,
    ({ id, name, data, occurredAt, readAt }) => {
      const said = say({ name: name as ToldName, data }, { locale, timeZone });
      return {
        ...{ id, event: name, title: said.title, text: said.text, path: said.path },
        ...{ read: readAt !== null, occurred_at: occurredAt.toISOString() },
      };
    },
  );
}

export function countNotices({ database }: Context, reader: Reader): Promise<number> {
  return countUnread(database, { ...reader, max: unreadMax });
}

/** @throws Refusal `not_found`. */
export async function markNoticeRead(
  { database, clocks }: Context,
  reader: Reader,
  id: string,
): Promise<void> {
  const found = await markRead(database, { ...reader, id, at: clocks.wall() });
  if (found === 0) throw notFound('notice');
}

export async function markAllRead({ database, clocks }: Context, reader: Reader): Promise<void> {
  await markRead(database, { ...reader, id: null, at: clocks.wall() });
}
