import type { AnswerOf } from '@sluice/contract/endpoint';
import * as endpoints from '@sluice/contract/gateway';
import type { Routes } from '../../platform/http/routes.ts';
import type { Channels } from './channels.ts';
import { createChannel } from './operations/create-channel.ts';
import { deleteChannel } from './operations/delete-channel.ts';
import { type ChannelRow, listChannels, readChannel } from './operations/read-channels.ts';
import { updateChannel } from './operations/update-channel.ts';

/** Serves the operators' endpoints for channels; the calls themselves are `registerGateway`'s. */
export function registerChannels(routes: Routes, channels: Channels): void {
  routes.serve(endpoints.listChannels, async ({ context, query }) => {
    const page = await listChannels(context, query);
    return { ...page, data: page.data.map(present) };
  });
  routes.serve(endpoints.getChannel, async ({ context, params }) =>
    present(await readChannel(context, params.id)),
  );
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
