/** Channels as operators see them. */
import type { Context } from '../../../platform/context.ts';
import { notFound, Refusal } from '../../../platform/errors.ts';
import { type Page, type PageRequest, pageOf, readCursor } from '../../../platform/http/pages.ts';
import { type AttemptRow, listAttemptRows } from '../pool-store.ts';
import { type ChannelCursor, type ChannelRow, findChannelRow, listChannelRows } from '../store.ts';

export type { ChannelRow };

/** A page in the order in which channels are tried. */
export async function listChannels(
  context: Context,
  request: PageRequest,
): Promise<Page<ChannelRow>> {
  const page = { limit: request.limit + 1, after: readChannelCursor(request) };
  const rows = await listChannelRows(context.database, page);
  return pageOf(
    rows,
    request,
    (row) => `${row.priority} ${row.id}`,
    (row) => row,
  );
}

/** @throws Refusal `not_found`. */
export async function readChannel(context: Context, id: string): Promise<ChannelRow> {
  const row = await findChannelRow(context.database, id);
  if (!row) throw notFound('channel');
  return row;
}

/**
 * Attempts that failed at a channel, newest first.
 * @throws Refusal `not_found`.
 */
export async function listChannelAttempts(
  context: Context,
  channelId: string,
  request: PageRequest,
): Promise<Page<AttemptRow>> {
  await readChannel(context, channelId);
  const rows = await listAttemptRows(context.database, {
    channelId,
    limit: request.limit + 1,
    before: readCursor(request, 'att'),
  });
  return pageOf(
    rows,
    request,
    ({ id }) => id,
    (row) => row,
  );
}

function readChannelCursor(request: PageRequest): ChannelCursor | undefined {
  const text = readCursor(request);
  if (text === undefined) return undefined;
  const match = /^(-?\d{1,4}) (\w+)$/.exec(text);
  if (!match?.[1] || !match[2]) {
    throw new Refusal('malformed', 'Pass the cursor as a list answered it, or leave it out.', {
      param: 'cursor',
    });
  }
  return { priority: Number(match[1]), id: match[2] };
}
