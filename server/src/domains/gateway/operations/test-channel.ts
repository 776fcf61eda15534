import type { AnswerOf } from '@sluice/contract/endpoint';
import type { testChannel as endpoint, FailureReason } from '@sluice/contract/gateway';
import { type Context, inTransaction } from '../../../platform/context.ts';
import { invariant, notFound, Refusal } from '../../../platform/errors.ts';
import { recordAudit } from '../../audit/index.ts';
import type { Usage } from '../../metering/index.ts';
import type { Channel, Channels } from '../channels.ts';
import type { Surface } from '../core/dialect.ts';
import { EventScanner } from '../core/event-stream.ts';
import { surfaceNamed } from '../core/surfaces.ts';
import { advice, type TestCall, testCallOf, wordsOf } from '../core/test-call.ts';
import type { ChannelRow } from '../store.ts';
import { callUpstream, type UpstreamSaid } from './call-upstream.ts';
import { readChannel } from './read-channels.ts';

type Answer = AnswerOf<typeof endpoint>;

/**
 * Sends one small real call through a channel, active or not, and says what came of it. What it tells of the channel
 * counts as if a customer had called.
 * @throws Refusal `not_found`, `rule_violated` for a model that the channel does not have.
 */
export async function testChannel(
  context: Context,
  channels: Channels,
  command: { channelId: string; model?: string | undefined; keyId?: string | undefined },
): Promise<Answer> {
  const row = await readChannel(context, command.channelId);
  const channel = lendChannel(channels, row, command);
  let answer: Answer;
  try {
    answer = await callOnce(context, channels, channel);
  } finally {
    channels.release(channel);
  }
  await inTransaction(context, (transaction) =>
    recordAudit(context, transaction, {
      organizationId: null,
      action: 'channel.test',
      resource: { kind: 'channel', id: row.id },
      newValues: { model: answer.model, ok: answer.ok, reason: answer.reason },
    }),
  );
  return answer;
}

function lendChannel(
  channels: Channels,
  row: ChannelRow,
  command: { model?: string | undefined; keyId?: string | undefined },
): Channel {
  const known = [...row.models, ...Object.keys(row.aliases)];
  const model = command.model ?? known[0];
  if (model === undefined || !known.includes(model)) {
    throw new Refusal('rule_violated', 'Name a model of this channel.', { param: 'model' });
  }
  if (command.keyId !== undefined && !row.keys.some(({ id }) => id === command.keyId)) {
    throw notFound('key');
  }
  const channel = channels.lend(row, { model, keyId: command.keyId });
  if (channel) return channel;
  throw new Refusal(
    'rule_violated',
    'The key of this channel was sealed under another SLUICE_SECRET_KEY: give it again.',
  );
}

async function callOnce(context: Context, channels: Channels, channel: Channel): Promise<Answer> {
  const { model } = channel.attempt;
  const sent = channel.aliases.get(model) ?? model;
  const startedMs = performance.now();
  const since = () => Math.round(performance.now() - startedMs);
  let call = testCallOf(channel.dialect, sent);
  let reader = openReader(call, since);
  let said = await send(context, channel, { call, reader, sent });
  if (said.kind === 'failed' && said.reason === 'request_refused' && wantsNewLimit(said)) {
    call = testCallOf(channel.dialect, sent, 'max_completion_tokens');
    reader = openReader(call, since);
    said = await send(context, channel, { call, reader, sent });
  }
  const latencyMs = since();
  const tried = { model, latency_ms: latencyMs };
  if (said.kind === 'answered') {
    const report = reader.end(said.isStream);
    if (report.isWhole) {
      channels.succeeded(channel, report.firstTokenMs ?? latencyMs);
      return { ...tried, ...goodAnswer(said.status, report) };
    }
    channels.failed(channel, { kind: 'growing' }, { status: said.status });
    return { ...tried, ...badAnswer('bad_answer', said.status, null) };
  }
  if (said.reason !== 'request_refused') channels.failed(channel, said.failure.rest, said.failure);
  const words = wordsOf(said.body, channel.apiKey);
  return { ...tried, ...badAnswer(said.reason, said.failure.status ?? null, words) };
}

function send(
  context: Context,
  channel: Channel,
  { call, reader, sent }: { call: TestCall; reader: Reader; sent: string },
): Promise<UpstreamSaid> {
  const { path, headers, body } = call;
  const { onData } = reader;
  return callUpstream(context, channel, {
    method: 'POST',
    path,
    headers,
    body,
    model: sent,
    onData,
  });
}

/** Newer models of OpenAI refuse the old name of the limit, and say the new one. */
function wantsNewLimit({ body }: { body: string }): boolean {
  return body.includes('max_completion_tokens');
}

interface Report {
  isWhole: boolean;
  firstTokenMs: number | null;
  usage: Usage | undefined;
}

interface Reader {
  onData(chunk: Buffer, isStream: boolean): void;
  end(isStream: boolean): Report;
}

function openReader(call: TestCall, sinceMs: () => number): Reader {
  const surface = surfaceNamed(call.surface);
  invariant(surface, `${call.surface} is a surface`);
  const stream = surface.openStream({ wantsUsage: true });
  const scanner = new EventScanner();
  const kept: Buffer[] = [];
  let firstTokenMs: number | null = null;
  let isBroken = false;
  let isEnded = false;
  const onEvent = (bytes: Buffer, start: number, end: number) => {
    const event = stream.read(bytes.subarray(start, end));
    if (event === 'output') firstTokenMs ??= sinceMs();
    if (event === 'end') isEnded = true;
    if (event === 'error') isBroken = true;
  };
  return {
    onData(chunk, isStream) {
      if (isStream) scanner.push(chunk, onEvent);
      else kept.push(chunk);
    },
    end(isStream) {
      if (!isStream) return readWhole(surface, Buffer.concat(kept));
      const rest = scanner.rest();
      if (rest.length > 0) onEvent(rest, 0, rest.length);
      const isWhole = !isBroken && (isEnded || stream.isWhole || stream.usage !== undefined);
      return { isWhole, firstTokenMs, usage: stream.usage };
    },
  };
}

/** Some upstreams do not stream, whatever they are asked. */
function readWhole(surface: Surface, body: Buffer): Report {
  const { usage, isFailure } = surface.readAnswer(body);
  const isWhole = !isFailure && (usage !== undefined || surface.answerText(String(body)) !== '');
  return { isWhole, firstTokenMs: null, usage };
}

function goodAnswer(status: number, { firstTokenMs, usage }: Report) {
  return {
    ok: true,
    status,
    reason: null,
    message: 'The channel works.',
    upstream_message: null,
    first_token_ms: firstTokenMs,
    usage: usage ? { input_tokens: usage.inputTokens, output_tokens: usage.outputTokens } : null,
  };
}

function badAnswer(reason: FailureReason, status: number | null, words: string | null) {
  return {
    ok: false,
    status,
    reason,
    message: advice[reason],
    upstream_message: words,
    first_token_ms: null,
    usage: null,
  };
}
