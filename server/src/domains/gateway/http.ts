import type { AnswerOf } from '@sluice/contract/endpoint';
import * as endpoints from '@sluice/contract/gateway';
import { notFound, Refusal } from '../../platform/errors.ts';
import { type PageRequest, pageOf, readCursor } from '../../platform/http/pages.ts';
import type { Routes } from '../../platform/http/routes.ts';
import type { Channels } from './channels.ts';
import { createChannel } from './operations/create-channel.ts';
import { deleteChannel } from './operations/delete-channel.ts';
import { updateChannel } from './operations/update-channel.ts';
import { type ChannelCursor, type ChannelRow, findChannelRow, listChannelRows } from './store.ts';

/** Serves the operators' endpoints for channels; the calls themselves are `registerGateway`'s. */
export function registerChannels(routes: Routes, channels: Channels): void {
  routes.serve(endpoints.listChannels, async ({ context, query }) => {
    const after = readChannelCursor(query);
    const rows = await listChannelRows(context.database, { limit: query.limit + 1, after });
    return pageOf(rows, query, (row) => `${row.priority} ${row.id}`, present);
  });
  routes.serve(endpoints.getChannel, async ({ context, params }) => {
    const row = await findChannelRow(context.database, params.id);
    if (!row) throw notFound('channel');
    return present(row);
  });
  routes.serve(endpoints.createChannel, async ({ context, body }) => {
    const row = await createChannel(context, body);
    await channels.load();
    return present(row);
  });
  routes.serve(endpoints.updateChannel, async ({ context, params, body }) => {
    const row = await updateChannel(context, params.id, body);
    await channels.load();
    return present(row);
  });
  routes.serve(endpoints.deleteChannel, async ({ context, params }) => {
    await deleteChannel(context, params.id);
    await channels.load();
  });
}

function readChannelCursor(query: PageRequest): ChannelCursor | undefined {
  const text = readCursor(query);
  if (text === undefined) return undefined;
  const match = /^(-?\d{1,4}) (\w+)$/.exec(text);
  if (!match?.[1] || !match[2]) {
    throw new Refusal('malformed', 'Pass the cursor as a list answered it, or leave it out.', {
      param: 'cursor',
    });
  }
  return { priority: Number(match[1]), id: match[2] };
}

function present(row: ChannelRow): AnswerOf<typeof endpoints.getChannel> {
  return {
    id: row.id,
    name: row.name,
    dialect: row.dialect,
    base_url: row.base_url,
    has_api_key: true,
    models: row.models,
    aliases: row.aliases,
    weight: row.weight,
    priority: row.priority,
    concurrency: row.concurrency,
    status: row.status,
    created_at: row.created_at.toISOString(),
  };
}
