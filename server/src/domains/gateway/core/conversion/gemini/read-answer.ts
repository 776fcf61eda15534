/** Reads generated content; each event of a stream is such an answer that goes on. */

import { readUsage } from '../../gemini/usage.ts';
import { isRecord } from '../../json.ts';
import type { Answer, AnswerChoice, Delta, DeltaReader, Finish } from '../answer.ts';
import { madeId } from '../call-ids.ts';
import type { AssistantPart } from '../conversation.ts';
import type { Json } from '../fields.ts';

export function readGeminiAnswer(body: Json, requestId: string): Answer {
  const choices = candidatesOf(body).map((candidate): AnswerChoice => {
    const index = indexOf(candidate);
    const parts = partsOf(candidate).flatMap((part, key) =>
      readPart(part, { requestId, index, key }),
    );
    const hasCalls = parts.some(({ kind }) => kind === 'call');
    const finish = finishOf(candidate.finishReason, hasCalls) ?? 'stop';
    return { index, parts: mergeTexts(parts), finish, stopSequence: undefined };
  });
  const blocked: AnswerChoice = {
    index: 0,
    parts: [],
    finish: 'filtered',
    stopSequence: undefined,
  };
  const isBlocked = choices.length === 0 && isRecord(body.promptFeedback);
  return { choices: isBlocked ? [blocked] : choices, usage: readUsage(body.usageMetadata) };
}

function readPart(
  part: Json,
  at: { requestId: string; index: number; key: number },
): AssistantPart[] {
  const sealed = sealOf(part);
  const { functionCall } = part;
  if (isRecord(functionCall)) {
    const id = textOf(functionCall.id) || madeId(at.requestId, at.index, at.key);
    const input = isRecord(functionCall.args) ? functionCall.args : {};
    return [...sealed, { kind: 'call', id, name: textOf(functionCall.name), input, at: '' }];
  }
  const text = textOf(part.text);
  if (part.thought === true) return [{ kind: 'thinking', text, seal: sealed[0]?.seal, at: '' }];
  return text === '' ? sealed : [{ kind: 'text', text, at: '' }, ...sealed];
}

function sealOf({ thoughtSignature }: Json): Extract<AssistantPart, { kind: 'thinking' }>[] {
  const value = textOf(thoughtSignature);
  if (value === '') return [];
  return [
    { kind: 'thinking', text: '', seal: { vendor: 'gemini', value, isRedacted: false }, at: '' },
  ];
}

/** Gemini cuts a text into parts where no one else would. */
function mergeTexts(parts: readonly AssistantPart[]): AssistantPart[] {
  const merged: AssistantPart[] = [];
  for (const part of parts) {
    const last = merged.at(-1);
    if (part.kind === 'text' && last?.kind === 'text') {
      merged[merged.length - 1] = { ...last, text: last.text + part.text };
    } else merged.push(part);
  }
  return merged;
}

export class GeminiDeltaReader implements DeltaReader {
  readonly #requestId: string;
  /** How many calls each choice has made. */
  readonly #calls = new Map<number, number>();

  constructor(requestId: string) {
    this.#requestId = requestId;
  }

  read(data: Json, deltas: Delta[]): void {
    const candidates = candidatesOf(data);
    for (const candidate of candidates) this.#readCandidate(candidate, deltas);
    if (candidates.length === 0 && isRecord(data.promptFeedback)) {
      deltas.push({ kind: 'finish', choice: 0, finish: 'filtered', stopSequence: undefined });
    }
    const usage = readUsage(data.usageMetadata);
    if (usage) deltas.push({ kind: 'usage', usage });
  }

  #readCandidate(candidate: Json, deltas: Delta[]): void {
    const choice = indexOf(candidate);
    for (const value of partsOf(candidate)) {
      const key = this.#calls.get(choice) ?? 0;
      for (const part of readPart(value, { requestId: this.#requestId, index: choice, key })) {
        this.#pushPart(part, { choice, key }, deltas);
      }
    }
    const finish = finishOf(candidate.finishReason, this.#calls.has(choice));
    if (finish) deltas.push({ kind: 'finish', choice, finish, stopSequence: undefined });
  }

  #pushPart(part: AssistantPart, at: { choice: number; key: number }, deltas: Delta[]): void {
    const { choice, key } = at;
    if (part.kind === 'text') deltas.push({ kind: 'text', choice, text: part.text });
    else if (part.kind === 'thinking') {
      if (part.text !== '') deltas.push({ kind: 'thinking', choice, text: part.text });
      if (part.seal) deltas.push({ kind: 'seal', choice, seal: part.seal });
    } else {
      this.#calls.set(choice, key + 1);
      deltas.push({ kind: 'call', choice, key, id: part.id, name: part.name });
      const piece = JSON.stringify(part.input);
      deltas.push({ kind: 'arguments', choice, key, piece });
    }
  }
}

function candidatesOf(body: Json): Json[] {
  return Array.isArray(body.candidates) ? body.candidates.filter(isRecord) : [];
}

function partsOf({ content }: Json): Json[] {
  return isRecord(content) && Array.isArray(content.parts) ? content.parts.filter(isRecord) : [];
}

function indexOf({ index }: Json): number {
  return typeof index === 'number' ? index : 0;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Of all reasons, these and `STOP` say that the model was done; any other that it was not let go on. */
const finishes = new Map<unknown, Finish>([
  ['MAX_TOKENS', 'length'],
  ['MALFORMED_FUNCTION_CALL', 'broken'],
  ['UNEXPECTED_TOOL_CALL', 'broken'],
]);

function finishOf(reason: unknown, hasCalls: boolean): Finish | undefined {
  if (typeof reason !== 'string' || reason === 'FINISH_REASON_UNSPECIFIED') return undefined;
  if (reason === 'STOP') return hasCalls ? 'calls' : 'stop';
  return finishes.get(reason) ?? 'filtered';
}
