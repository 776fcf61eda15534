/** Reads a chat completion, whole or in chunks: https://platform.openai.com/docs/api-reference/chat/object */

import { isRecord } from '../../json.ts';
import { readUsage } from '../../openai/usage.ts';
import type { Answer, AnswerChoice, Delta, DeltaReader, Finish } from '../answer.ts';
import { madeId } from '../call-ids.ts';
import type { AssistantPart } from '../conversation.ts';
import type { Json } from '../fields.ts';
import { readArguments } from './arguments.ts';

export function readOpenAiAnswer(body: Json, requestId: string): Answer {
  const choices = listOf(body.choices).map((choice) => readChoice(choice, requestId));
  return { choices, usage: readUsage(body.usage) };
}

function readChoice(choice: Json, requestId: string): AnswerChoice {
  const index = indexOf(choice.index);
  const message = isRecord(choice.message) ? choice.message : {};
  const parts: AssistantPart[] = [];
  const reasoning = reasoningOf(message);
  if (reasoning !== '') parts.push({ kind: 'thinking', text: reasoning, seal: undefined, at: '' });
  const refusal = textOf(message.refusal);
  const text = textOf(message.content) + refusal;
  if (text !== '') parts.push({ kind: 'text', text, at: '' });
  for (const [key, call] of listOf(message.tool_calls).entries()) {
    const called = isRecord(call.function) ? call.function : {};
    const id = textOf(call.id) || madeId(requestId, index, key);
    const input = readArguments(textOf(called.arguments));
    parts.push({ kind: 'call', id, name: textOf(called.name), input, at: '' });
  }
  const finish = refusal === '' ? finishOf(choice.finish_reason) : 'filtered';
  return { index, parts, finish: finish ?? 'stop', stopSequence: undefined };
}

export class OpenAiDeltaReader implements DeltaReader {
  readonly #requestId: string;
  /** Calls by choice and index: those that have begun. */
  readonly #calls = new Set<string>();
  #hasRefused = false;

  constructor(requestId: string) {
    this.#requestId = requestId;
  }

  read(data: Json, deltas: Delta[]): void {
    for (const choice of listOf(data.choices)) this.#readChoice(choice, deltas);
    const usage = readUsage(data.usage);
    if (usage) deltas.push({ kind: 'usage', usage });
  }

  #readChoice(choice: Json, deltas: Delta[]): void {
    const index = indexOf(choice.index);
    const delta = isRecord(choice.delta) ? choice.delta : {};
    const thought = reasoningOf(delta);
    if (thought !== '') deltas.push({ kind: 'thinking', choice: index, text: thought });
    const refusal = textOf(delta.refusal);
    if (refusal !== '') this.#hasRefused = true;
    const text = textOf(delta.content) + refusal;
    if (text !== '') deltas.push({ kind: 'text', choice: index, text });
    for (const [position, call] of listOf(delta.tool_calls).entries()) {
      this.#readCall(call, { choice: index, position }, deltas);
    }
    const reason = finishOf(choice.finish_reason);
    if (reason === undefined) return;
    const finish = this.#hasRefused ? 'filtered' : reason;
    deltas.push({ kind: 'finish', choice: index, finish, stopSequence: undefined });
  }

  /** A call begins with its name; some servers repeat that, or the id, in every piece. */
  #readCall(call: Json, at: { choice: number; position: number }, deltas: Delta[]): void {
    const { choice, position } = at;
    const key = typeof call.index === 'number' ? call.index : position;
    const called = isRecord(call.function) ? call.function : {};
    const known = `${choice}.${key}`;
    if (!this.#calls.has(known)) {
      this.#calls.add(known);
      const id = textOf(call.id) || madeId(this.#requestId, choice, key);
      deltas.push({ kind: 'call', choice, key, id, name: textOf(called.name) });
    }
    const piece = textOf(called.arguments);
    if (piece !== '') deltas.push({ kind: 'arguments', choice, key, piece });
  }
}

const finishes = new Map<unknown, Finish>([
  ['stop', 'stop'],
  ['length', 'length'],
  ['tool_calls', 'calls'],
  ['function_call', 'calls'],
  ['content_filter', 'filtered'],
]);

function finishOf(reason: unknown): Finish | undefined {
  if (typeof reason !== 'string') return undefined;
  return finishes.get(reason) ?? 'stop';
}

/** Not OpenAI's own: what DeepSeek and vLLM, and OpenRouter, call the text of reasoning. */
function reasoningOf(said: Json): string {
  return textOf(said.reasoning_content) || textOf(said.reasoning);
}

function listOf(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function indexOf(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}
