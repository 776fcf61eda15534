/** OpenAI's responses: what the model said as items, and as events that build them up. Pure but for its ids. */
import { isRecord } from '../http/exchange.ts';
import type { Call } from './call-log.ts';
import type { PreparedAnswer } from './delivery.ts';
import { type Output, writeOutput } from './openai-output.ts';
import type { ChatRequest } from './openai-request.ts';
import { reportedUsage } from './openai-usage.ts';
import type { Scenario } from './scenario.ts';

type Json = Record<string, unknown>;

/** The same call as a chat would ask it; undefined where it is none that this upstream understands. */
export function chatOfResponse(body: Json): Json | undefined {
  const { input, instructions } = body;
  const items = typeof input === 'string' ? [{ role: 'user', content: input }] : input;
  if (!Array.isArray(items) || items.length === 0) return undefined;
  const system =
    typeof instructions === 'string' ? [{ role: 'system', content: instructions }] : [];
  const format = isRecord(body.text) ? body.text.format : undefined;
  return {
    model: body.model,
    stream: body.stream,
    messages: [...system, ...items.filter(isRecord).map(messageOf)],
    ...(Array.isArray(body.tools) ? { tools: body.tools.map(toolOf) } : {}),
    ...(isRecord(format) ? { response_format: { type: format.type, json_schema: format } } : {}),
    ...(body.max_output_tokens ? { max_completion_tokens: body.max_output_tokens } : {}),
    ...(body.service_tier ? { service_tier: body.service_tier } : {}),
  };
}

function messageOf(item: Json): Json {
  if (item.type === 'function_call_output') return { role: 'tool', content: item.output };
  const parts = Array.isArray(item.content) ? item.content.filter(isRecord) : item.content;
  const content = Array.isArray(parts)
    ? parts.map((part) => (part.type === 'input_image' ? { type: 'image_url' } : part))
    : parts;
  return { role: item.role ?? 'assistant', content: content ?? '' };
}

function toolOf(tool: unknown): unknown {
  return isRecord(tool) ? { type: tool.type, function: tool } : tool;
}

export function prepareResponse(
  body: Json,
  request: ChatRequest,
  scenario: Scenario,
): PreparedAnswer {
  const output = writeOutput(request, scenario);
  const completionTokens = output.tokens.length + output.reasoningTokens;
  const usage = usageOf(request, scenario, { output, completionTokens });
  const written = { body, request, output, usage };
  const events = (call: Call) => eventsOf(written, call);
  const counts = { completionTokens, promptTokens: request.promptTokens };
  if (!request.stream) {
    const textFor = (call: Call) => JSON.stringify(documentOf(written, call, 'completed'));
    const tokensThrough = [output.tokens.length];
    return { ...counts, tokensThrough, textFor, partsFor: (call) => [textFor(call)] };
  }
  return {
    ...counts,
    tokensThrough: tokensThroughOf(output),
    partsFor: events,
    textFor: (call) => events(call).join(''),
  };
}

interface Written {
  body: Json;
  request: ChatRequest;
  output: Output;
  usage: Json | undefined;
}

function usageOf(
  request: ChatRequest,
  scenario: Scenario,
  { output, completionTokens }: { output: Output; completionTokens: number },
): Json | undefined {
  if (scenario.usage === 'none') return undefined;
  const reported = reportedUsage(request, scenario, completionTokens);
  return {
    input_tokens: reported.promptTokens,
    input_tokens_details: { cached_tokens: reported.cachedTokens },
    output_tokens: reported.completionTokens,
    output_tokens_details: {
      reasoning_tokens: Math.min(output.reasoningTokens, reported.completionTokens),
    },
    total_tokens: reported.promptTokens + reported.completionTokens,
  };
}

/** What the response is while it is made, and once it is. */
function documentOf(
  { body, request, output, usage }: Written,
  call: Call,
  status: 'in_progress' | 'completed',
): Json {
  const isOver = status === 'completed';
  const isCut = isOver && output.finishReason === 'length';
  return {
    id: call.id,
    object: 'response',
    created_at: Math.floor(call.startedAt / 1_000),
    status: isCut ? 'incomplete' : status,
    background: false,
    error: null,
    incomplete_details: isCut ? { reason: 'max_output_tokens' } : null,
    instructions: body.instructions ?? null,
    max_output_tokens: body.max_output_tokens ?? null,
    model: request.model,
    output: isOver ? [itemOf(output, call, 'completed')] : [],
    parallel_tool_calls: true,
    previous_response_id: null,
    reasoning: { effort: null, summary: null },
    service_tier: request.serviceTier ?? 'default',
    store: body.store !== false,
    temperature: 1,
    text: body.text ?? { format: { type: 'text' } },
    tool_choice: 'auto',
    tools: body.tools ?? [],
    top_p: 1,
    truncation: 'disabled',
    usage: isOver ? (usage ?? null) : null,
    metadata: {},
  };
}

function itemOf(output: Output, call: Call, status: 'in_progress' | 'completed'): Json {
  const text = status === 'completed' ? output.tokens.join('') : '';
  if (output.calls !== undefined) {
    const name = output.calls;
    const ids = { id: `fc_${call.id}`, call_id: `call_${call.id}` };
    return { ...ids, type: 'function_call', status, name, arguments: text };
  }
  const content = status === 'completed' ? [partOf(text)] : [];
  return { id: `msg_${call.id}`, type: 'message', status, role: 'assistant', content };
}

function partOf(text: string): Json {
  return { type: 'output_text', annotations: [], logprobs: [], text };
}

function eventsOf(written: Written, call: Call): string[] {
  const { output } = written;
  const item = itemOf(output, call, 'completed');
  const events: string[] = [];
  const push = (type: string, rest: Json) => {
    const data = { type, sequence_number: events.length, ...rest };
    events.push(`event: ${type}\ndata: ${JSON.stringify(data)}\n\n`);
  };
  const at = { output_index: 0 };
  const inItem = { item_id: item.id, ...at };
  const begun = documentOf(written, call, 'in_progress');
  push('response.created', { response: begun });
  push('response.in_progress', { response: begun });
  push('response.output_item.added', { ...at, item: itemOf(output, call, 'in_progress') });
  const text = output.tokens.join('');
  if (output.calls !== undefined) {
    const kind = 'response.function_call_arguments';
    for (const delta of output.tokens) push(`${kind}.delta`, { ...inItem, delta });
    push(`${kind}.done`, { ...inItem, name: output.calls, arguments: text });
  } else {
    const inPart = { ...inItem, content_index: 0 };
    push('response.content_part.added', { ...inPart, part: partOf('') });
    for (const delta of output.tokens) {
      push('response.output_text.delta', { ...inPart, delta, logprobs: [] });
    }
    push('response.output_text.done', { ...inPart, text, logprobs: [] });
    push('response.content_part.done', { ...inPart, part: partOf(text) });
  }
  push('response.output_item.done', { ...at, item });
  const response = documentOf(written, call, 'completed');
  push(`response.${response.status}`, { response });
  return events;
}

/** The events before the first token and after the last carry none. */
function tokensThroughOf({ tokens, calls }: Output): number[] {
  const before = calls === undefined ? 4 : 3;
  const after = calls === undefined ? 4 : 3;
  return [
    ...Array.from({ length: before }, () => 0),
    ...tokens.map((_, index) => index + 1),
    ...Array.from({ length: after }, () => tokens.length),
  ];
}
