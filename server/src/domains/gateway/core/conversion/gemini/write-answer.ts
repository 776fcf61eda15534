/** Writes generated content, whole or in events. */
import type { Usage } from '../../../../metering/index.ts';
import type { ConvertedCall } from '../../dialect.ts';
import type { Answer, AnswerChoice, Delta, DeltaWriter, Finish } from '../answer.ts';
import type { CallPart, ThinkingPart } from '../conversation.ts';
import { readArguments } from '../openai/arguments.ts';
import { geminiUsage } from '../usage.ts';
import { thoughtSignature } from './thought-signatures.ts';

const finishReasons: Readonly<Record<Finish, string>> = {
  stop: 'STOP',
  length: 'MAX_TOKENS',
  calls: 'STOP',
  filtered: 'SAFETY',
  broken: 'MALFORMED_FUNCTION_CALL',
};

export function writeGeminiAnswer({ choices, usage }: Answer, call: ConvertedCall): string {
  return JSON.stringify({
    candidates: choices.map(writeCandidate),
    ...(usage && { usageMetadata: geminiUsage(usage) }),
    ...tailOf(call),
  });
}

function tailOf({ model, requestId }: ConvertedCall) {
  return { modelVersion: model, responseId: requestId };
}

function writeCandidate({ index, parts, finish }: AnswerChoice): object {
  const written: object[] = [];
  let sealed: ThinkingPart[] = [];
  let isBroken = false;
  for (const part of parts) {
    if (part.kind === 'text') written.push({ text: part.text });
    else if (part.kind === 'thinking') {
      sealed.push(part);
      if (part.text !== '') written.push({ text: part.text, thought: true });
    } else {
      const call = writeCall(part, sealed);
      sealed = [];
      if (call) written.push(call);
      else isBroken = true;
    }
  }
  return {
    content: { role: 'model', parts: written },
    finishReason: reasonOf(finish, isBroken),
    index,
  };
}

/** Undefined where the arguments are no object: Gemini leaves such a call out, and says so at its end. */
function writeCall(
  { id, name, input }: Pick<CallPart, 'id' | 'name' | 'input'>,
  sealed: readonly ThinkingPart[],
): object | undefined {
  if (typeof input === 'string') return undefined;
  return { functionCall: { id, name, args: input }, thoughtSignature: thoughtSignature(sealed) };
}

function reasonOf(finish: Finish, isBroken: boolean): string {
  return finishReasons[isBroken && finish !== 'length' ? 'broken' : finish];
}

/** What is kept of one choice while it is written. */
interface ChoiceState {
  thought: string;
  sealed: ThinkingPart[];
  /** Calls whose arguments are still coming: Gemini's come whole. */
  calls: Map<number, { id: string; name: string; text: string; sealed: readonly ThinkingPart[] }>;
  isBroken: boolean;
  finish: Finish | undefined;
}

export class GeminiDeltaWriter implements DeltaWriter {
  readonly #tail: string;
  readonly #choices = new Map<number, ChoiceState>();
  #usage: Usage | undefined;

  constructor(call: ConvertedCall) {
    this.#tail = JSON.stringify(tailOf(call)).slice(1);
  }

  write(delta: Delta): string {
    if (delta.kind === 'usage') {
      this.#usage = delta.usage;
      return '';
    }
    const state = this.#choice(delta.choice);
    switch (delta.kind) {
      case 'text':
        return this.#flush(delta.choice, state) + this.#event(delta.choice, [{ text: delta.text }]);
      case 'thinking':
        state.thought += delta.text;
        return (
          this.#flush(delta.choice, state) +
          this.#event(delta.choice, [{ text: delta.text, thought: true }])
        );
      case 'seal':
        state.sealed.push({ kind: 'thinking', text: state.thought, seal: delta.seal, at: '' });
        state.thought = '';
        return '';
      case 'call': {
        const { id, name } = delta;
        state.calls.set(delta.key, { id, name, text: '', sealed: state.sealed });
        state.sealed = [];
        return '';
      }
      case 'arguments': {
        const call = state.calls.get(delta.key);
        if (call) call.text += delta.piece;
        return '';
      }
      case 'finish':
        state.finish = delta.finish;
        return this.#flush(delta.choice, state);
    }
  }

  /** Gemini's last event has the reason of the end and what was used. */
  end(): string {
    if (this.#choices.size === 0) this.#choice(0);
    const candidates = [...this.#choices].map(([index, state]) => ({
      content: { role: 'model', parts: this.#callParts(state) },
      finishReason: reasonOf(state.finish ?? 'stop', state.isBroken),
      index,
    }));
    const usage = this.#usage && JSON.stringify(geminiUsage(this.#usage));
    const reported = usage === undefined ? '' : `"usageMetadata":${usage},`;
    return `data: {"candidates":${JSON.stringify(candidates)},${reported}${this.#tail}\r\n\r\n`;
  }

  #choice(index: number): ChoiceState {
    let state = this.#choices.get(index);
    if (state === undefined) {
      state = { thought: '', sealed: [], calls: new Map(), isBroken: false, finish: undefined };
      this.#choices.set(index, state);
    }
    return state;
  }

  #flush(index: number, state: ChoiceState): string {
    if (state.calls.size === 0) return '';
    const parts = this.#callParts(state);
    return parts.length === 0 ? '' : this.#event(index, parts);
  }

  #callParts(state: ChoiceState): object[] {
    const parts: object[] = [];
    for (const { id, name, text, sealed } of state.calls.values()) {
      const part = writeCall({ id, name, input: readArguments(text) }, sealed);
      if (part) parts.push(part);
      else state.isBroken = true;
    }
    state.calls.clear();
    return parts;
  }

  #event(index: number, parts: readonly object[]): string {
    const content = JSON.stringify(parts);
    return `data: {"candidates":[{"content":{"role":"model","parts":${content}},"index":${index}}],${this.#tail}\r\n\r\n`;
  }
}
