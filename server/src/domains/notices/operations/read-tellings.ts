/** What became of tellings, for those who set them up, and for operators. */

import type { AnswerOf, QueryOf } from '@sluice/contract/endpoint';
import type { searchNoticeTellings } from '@sluice/contract/notices';
import type { Context } from '../../../platform/context.ts';
import { type Page, pageOf, readCursor } from '../../../platform/http/pages.ts';
import { messageStates } from '../../delivery/index.ts';
import { listTellingRows, type TellingRow } from '../reading-store.ts';

type View = AnswerOf<typeof searchNoticeTellings>['data'][number];

export async function readTellings(
  context: Context,
  { organization, status, channel, ...page }: QueryOf<typeof searchNoticeTellings>,
): Promise<Page<View>> {
  const rows = await listTellingRows(context.database, {
    ...{ organizationId: organization, status, channel },
    ...{ before: readCursor(page), limit: page.limit + 1 },
  });
  const messages = rows.flatMap(({ messageId }) => messageId ?? []);
  const states = await messageStates(context.database, messages);
  return pageOf(
    rows,
    page,
    ({ id }) => id,
    (row) => present(row, states.get(row.messageId ?? '')),
  );
}

/** Of a mail delivery knows more: it was handed over, and may still wait there or have failed. */
function present(
  row: TellingRow,
  mail: { status: string; error: string | null } | undefined,
): View {
  const { id, noticeId, organizationId, name, channel, userId, chat, attempts } = row;
  const status =
    mail?.status === 'failed' ? 'skipped' : mail?.status === 'queued' ? 'queued' : row.status;
  return {
    ...{
      id,
      notice: noticeId,
      organization: organizationId,
      event: name,
      channel,
      attempts,
      status,
    },
    to: userId ?? chat ?? (channel === 'mail' ? 'address' : 'disconnected'),
    detail: mail?.error ?? row.detail,
    created_at: row.createdAt.toISOString(),
    next_try_at: row.dueAt?.toISOString() ?? null,
    finished_at: row.finishedAt?.toISOString() ?? null,
  };
}
