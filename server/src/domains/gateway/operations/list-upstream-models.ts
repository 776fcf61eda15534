import type { AnswerOf } from '@sluice/contract/endpoint';
import type { listUpstreamModels as endpoint } from '@sluice/contract/gateway';
import type { Context } from '../../../platform/context.ts';
import { Refusal } from '../../../platform/errors.ts';
import type { Channels } from '../channels.ts';
import { advice, modelListPaths, readModelList } from '../core/test-call.ts';
import { callUpstream } from './call-upstream.ts';
import { readChannel } from './read-channels.ts';

/**
 * Asks a channel's upstream which models it serves.
 * @throws Refusal `not_found`, `upstream_failed` with what to do.
 */
export async function listUpstreamModels(
  context: Context,
  channels: Channels,
  channelId: string,
): Promise<AnswerOf<typeof endpoint>> {
  const row = await readChannel(context, channelId);
  const channel = channels.lend(row, { model: row.models[0] ?? '' });
  if (!channel) throw new Refusal('upstream_failed', 'The key of this channel cannot be opened.');
  const kept: Buffer[] = [];
  try {
    const said = await callUpstream(context, channel, {
      method: 'GET',
      path: modelListPaths[channel.dialect],
      ...(channel.dialect === 'anthropic' && { headers: { 'anthropic-version': '2023-06-01' } }),
      onData: (chunk) => kept.push(chunk),
    });
    if (said.kind === 'failed') throw new Refusal('upstream_failed', advice[said.reason]);
  } finally {
    channels.release(channel);
  }
  const names = readModelList(Buffer.concat(kept).toString('utf8'));
  if (names === undefined) throw new Refusal('upstream_failed', advice.bad_answer);
  return { data: names.map((id) => ({ id })) };
}
