import * as endpoints from '@sluice/contract/gateway';
import type { Context } from '../../platform/context.ts';
import type { Routes } from '../../platform/http/routes.ts';
import type { Channels } from './channels.ts';
import { readHealth } from './health-board.ts';
import { addChannelKey, removeChannelKey } from './operations/change-channel-keys.ts';
import { createChannel } from './operations/create-channel.ts';
import { deleteChannel } from './operations/delete-channel.ts';
import { listUpstreamModels } from './operations/list-upstream-models.ts';
import {
  type ChannelRow,
  listChannelAttempts,
  listChannels,
  readChannel,
} from './operations/read-channels.ts';
import { testChannel } from './operations/test-channel.ts';
import { updateChannel } from './operations/update-channel.ts';
import { presentAttempt, presentChannel } from './present-channel.ts';

/** Serves the operators' endpoints for channels; the calls themselves are `registerGateway`'s. */
export function registerChannels(routes: Routes, channels: Channels): void {
  const presentAll = async (context: Context, rows: readonly ChannelRow[]) => {
    const ids = rows.map(({ id }) => id);
    const healthOf = await readHealth(context, channels, ids);
    return rows.map((row) => presentChannel(context, row, healthOf(row.id)));
  };
  const present = async (context: Context, row: ChannelRow) => {
    const healthOf = await readHealth(context, channels, [row.id]);
    return presentChannel(context, row, healthOf(row.id));
  };
  /** The process that changed a channel knows it before it answers. */
  const presentChanged = async (context: Context, row: ChannelRow) => {
    await channels.load();
    return present(context, row);
  };
  routes.serve(endpoints.listChannels, async ({ context, query }) => {
    const page = await listChannels(context, query);
    return { ...page, data: await presentAll(context, page.data) };
  });
  routes.serve(endpoints.getChannel, async ({ context, params }) =>
    present(context, await readChannel(context, params.id)),
  );
  routes.serve(endpoints.createChannel, async ({ context, body }) =>
    presentChanged(context, await createChannel(context, body)),
  );
  routes.serve(endpoints.updateChannel, async ({ context, params, body }) =>
    presentChanged(context, await updateChannel(context, params.id, body)),
  );
  routes.serve(endpoints.deleteChannel, async ({ context, params }) => {
    await deleteChannel(context, params.id);
    await channels.load();
  });
  routes.serve(endpoints.addChannelKey, async ({ context, params, body }) =>
    presentChanged(context, await addChannelKey(context, params.id, body.api_key)),
  );
  routes.serve(endpoints.removeChannelKey, async ({ context, params }) => {
    await removeChannelKey(context, params.id, params.key_id);
    await channels.load();
  });
  routes.serve(endpoints.testChannel, async ({ context, params, body }) =>
    testChannel(context, channels, {
      channelId: params.id,
      model: body.model,
      keyId: body.key_id,
    }),
  );
  routes.serve(endpoints.listUpstreamModels, async ({ context, params }) =>
    listUpstreamModels(context, channels, params.id),
  );
  routes.serve(endpoints.listChannelAttempts, async ({ context, params, query }) => {
    const page = await listChannelAttempts(context, params.id, query);
    return { ...page, data: page.data.map(presentAttempt) };
  });
}
