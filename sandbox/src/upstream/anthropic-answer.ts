/** The answer to a request for a message on Anthropic's wire. Pure. */

import { composeAnswer } from './answer.ts';
import type { MessageRequest } from './anthropic-request.ts';
import { type AnthropicUsage, usageOf } from './anthropic-usage.ts';
import type { Call } from './call-log.ts';
import type { PreparedAnswer } from './delivery.ts';
import type { CacheFigures } from './prompt-cache.ts';
import type { Scenario } from './scenario.ts';
import { splitTokens } from './tokens.ts';

/** One block of content: its beginning, the pieces in which it is streamed, and what it is in a document. */
interface Block {
  start: object;
  deltas: { delta: object; tokens: number }[];
  whole: object;
}

type Tool = NonNullable<MessageRequest['tool']>;

interface Output {
  blocks: Block[];
  tokens: number;
  thinkingTokens: number;
  stopReason: string;
  searches: number;
}

export function prepareMessage(
  request: MessageRequest,
  scenario: Scenario,
  cache: CacheFigures,
): PreparedAnswer {
  const output = writeOutput(request, scenario);
  const usage = usageOf(request, scenario, { ...output, cache });
  const counts = { promptTokens: request.prompt.tokens, completionTokens: output.tokens };
  if (request.stream) return { ...counts, ...prepareStream(request, output, usage) };
  const rest = JSON.stringify({
    ...head(request),
    content: output.blocks.map((block) => block.whole),
    ...{ stop_reason: output.stopReason, stop_sequence: null, stop_details: null },
    ...(usage && { usage: usage.whole }),
  });
  const textFor = (call: Call) => `{"id":"${call.id}",${rest.slice(1)}`;
  const partsFor = (call: Call) => [textFor(call)];
  return { ...counts, tokensThrough: [output.tokens], textFor, partsFor };
}

function head(request: MessageRequest): object {
  return { type: 'message', role: 'assistant', model: request.model, container: null };
}

/** Thoughts come first and count against the caller's maximum, so they may leave nothing to say. */
function writeOutput(request: MessageRequest, scenario: Scenario): Output {
  const { tokensMax } = request;
  const thinkingTokens = Math.min(scenario.reasoningTokens ?? request.thinkingTokensMax, tokensMax);
  const searches = Math.min(scenario.searches ?? 0, request.searchesMax);
  const before = [
    ...(thinkingTokens > 0 ? [thinkingBlock(request, thinkingTokens)] : []),
    ...Array.from({ length: searches }, (_, index) => searchBlocks(index)).flat(),
  ];
  const left = tokensMax - thinkingTokens;
  const { tool } = scenario.callsFunction ? request : { tool: undefined };
  const full = tool
    ? splitTokens(JSON.stringify(tool.input))
    : composeAnswer(request.words, scenario.tokens);
  const written = full.slice(0, left);
  const isCut = written.length < full.length;
  const last = tool ? toolBlock(tool, written) : textBlock(written);
  return {
    blocks: written.length > 0 ? [...before, last] : before,
    ...{ thinkingTokens, searches, tokens: thinkingTokens + written.length },
    stopReason: isCut ? 'max_tokens' : (scenario.stop ?? (tool ? 'tool_use' : 'end_turn')),
  };
}

function textBlock(tokens: string[]): Block {
  return {
    start: { type: 'text', text: '' },
    deltas: tokens.map((text) => ({ delta: { type: 'text_delta', text }, tokens: 1 })),
    whole: { type: 'text', text: tokens.join(''), citations: null },
  };
}

function thinkingBlock(request: MessageRequest, count: number): Block {
  const tokens = composeAnswer(`${request.words} …`, count);
  const signature = Buffer.from(`sandbox ${count}`).toString('base64');
  const deltas = tokens.map((thinking) => ({
    delta: { type: 'thinking_delta', thinking },
    tokens: 1,
  }));
  return {
    start: { type: 'thinking', thinking: '', signature: '' },
    deltas: [...deltas, { delta: { type: 'signature_delta', signature }, tokens: 0 }],
    whole: { type: 'thinking', thinking: tokens.join(''), signature },
  };
}

function toolBlock({ name, input }: Tool, written: string[]): Block {
  const start = { type: 'tool_use', id: 'toolu_sandbox', name, input: {} };
  const deltas = written.map((partial_json) => ({
    delta: { type: 'input_json_delta', partial_json },
    tokens: 1,
  }));
  return { start, deltas, whole: { ...start, input, caller: { type: 'direct' } } };
}

function searchBlocks(index: number): Block[] {
  const id = `srvtoolu_sandbox${index}`;
  const input = { query: 'sandbox' };
  const use = { type: 'server_tool_use', id, name: 'web_search', input: {} };
  const found = {
    ...{ type: 'web_search_result', url: 'https://example.com/', title: 'Example' },
    ...{ encrypted_content: 'c2FuZGJveA==', page_age: null },
  };
  const result = { type: 'web_search_tool_result', tool_use_id: id, content: [found] };
  const delta = { type: 'input_json_delta', partial_json: JSON.stringify(input) };
  return [
    { start: use, deltas: [{ delta, tokens: 0 }], whole: { ...use, input } },
    { start: result, deltas: [], whole: result },
  ];
}

function prepareStream(
  request: MessageRequest,
  output: Output,
  usage: AnthropicUsage | undefined,
): Pick<PreparedAnswer, 'tokensThrough' | 'partsFor' | 'textFor'> {
  const events: string[] = [];
  const tokensThrough: number[] = [];
  let sent = 0;
  const push = (type: string, fields: object, tokens = 0) => {
    sent += tokens;
    events.push(`event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`);
    tokensThrough.push(sent);
  };

  push('ping', {});
  for (const [index, block] of output.blocks.entries()) {
    push('content_block_start', { index, content_block: block.start });
    for (const { delta, tokens } of block.deltas) {
      push('content_block_delta', { index, delta }, tokens);
    }
    push('content_block_stop', { index });
  }
  const delta = { stop_reason: output.stopReason, stop_sequence: null, stop_details: null };
  push('message_delta', { delta, ...(usage && { usage: usage.ended }) });
  push('message_stop', {});

  const rest = JSON.stringify({
    ...head(request),
    ...{ content: [], stop_reason: null, stop_sequence: null, stop_details: null },
    ...(usage && { usage: usage.started }),
  }).slice(1);
  const startFor = (call: Call) =>
    `event: message_start\ndata: {"type":"message_start","message":{"id":"${call.id}",${rest}}\n\n`;
  const following = events.join('');
  return {
    tokensThrough: [0, ...tokensThrough],
    partsFor: (call) => [startFor(call), ...events],
    textFor: (call) => startFor(call) + following,
  };
}
