/** Writes a chat completion, whole or in chunks. */

import type { Usage } from '../../../../metering/index.ts';
import type { ConvertedCall } from '../../dialect.ts';
import type { Answer, AnswerChoice, Delta, DeltaWriter, Finish } from '../answer.ts';
import type { TextPart, ThinkingPart } from '../conversation.ts';
import { openaiUsage } from '../usage.ts';
import { extraContent } from './sealed-calls.ts';
import { writeCall } from './write-messages.ts';

const finishReasons: Readonly<Record<Finish, string>> = {
  stop: 'stop',
  length: 'length',
  calls: 'tool_calls',
  filtered: 'content_filter',
  broken: 'content_filter',
};

export function writeOpenAiAnswer({ choices, usage }: Answer, call: ConvertedCall): string {
  return JSON.stringify({
    ...headOf('chat.completion', call),
    choices: choices.map(writeChoice),
    ...(usage && { usage: openaiUsage(usage) }),
  });
}

function headOf(object: string, { requestId, createdAtSeconds, model }: ConvertedCall) {
  return { id: `chatcmpl-${requestId}`, object, created: createdAtSeconds, model };
}

function writeChoice({ index, parts, finish }: AnswerChoice): object {
  const text = joinTexts(parts.filter((part): part is TextPart => part.kind === 'text'));
  const thought = joinTexts(parts.filter((part): part is ThinkingPart => part.kind === 'thinking'));
  const calls: object[] = [];
  let sealed: ThinkingPart[] = [];
  for (const part of parts) {
    if (part.kind === 'thinking') sealed.push(part);
    else if (part.kind === 'call') {
      calls.push({ ...writeCall(part, part.id), extra_content: extraContent(sealed) });
      sealed = [];
    }
  }
  return {
    index,
    message: {
      role: 'assistant',
      content: text === '' && calls.length > 0 ? null : text,
      refusal: null,
      ...(thought !== '' && { reasoning_content: thought }),
      ...(calls.length > 0 && { tool_calls: calls }),
    },
    logprobs: null,
    finish_reason: finishReasons[finish],
  };
}

function joinTexts(parts: readonly { text: string }[]): string {
  return parts.map(({ text }) => text).join('');
}

/** What is kept of one choice while it is written. */
interface ChoiceState {
  hasBegun: boolean;
  /** Thinking before the next call, kept for the seals on it. */
  thought: string;
  sealed: ThinkingPart[];
  /** Calls by their key at the upstream, in the order of their beginning here. */
  calls: Map<number, number>;
}

export class OpenAiDeltaWriter implements DeltaWriter {
  readonly #head: string;
  readonly #wantsUsage: boolean;
  readonly #choices = new Map<number, ChoiceState>();
  #usage: Usage | undefined;

  constructor(call: ConvertedCall) {
    const head = JSON.stringify(headOf('chat.completion.chunk', call)).slice(0, -1);
    this.#head = `data: ${head},"choices":[`;
    this.#wantsUsage = call.wantsUsage;
  }

  write(delta: Delta): string {
    if (delta.kind === 'usage') {
      this.#usage = delta.usage;
      return '';
    }
    const state = this.#choice(delta.choice);
    switch (delta.kind) {
      case 'text':
        return this.#chunk(delta.choice, state, `"content":${JSON.stringify(delta.text)}`);
      case 'thinking':
        state.thought += delta.text;
        return this.#chunk(
          delta.choice,
          state,
          `"reasoning_content":${JSON.stringify(delta.text)}`,
        );
      case 'seal':
        state.sealed.push({ kind: 'thinking', text: state.thought, seal: delta.seal, at: '' });
        state.thought = '';
        return '';
      case 'call':
        return this.#chunk(delta.choice, state, beginCall(delta, state));
      case 'arguments': {
        const index = state.calls.get(delta.key) ?? 0;
        const piece = JSON.stringify(delta.piece);
        return this.#chunk(
          delta.choice,
          state,
          `"tool_calls":[{"index":${index},"function":{"arguments":${piece}}}]`,
        );
      }
      case 'finish':
        return this.#chunk(delta.choice, state, '', finishReasons[delta.finish]);
    }
  }

  end(): string {
    const usage = this.#wantsUsage && this.#usage ? JSON.stringify(openaiUsage(this.#usage)) : '';
    return usage === ''
      ? 'data: [DONE]\n\n'
      : `${this.#head}],"usage":${usage}}\n\ndata: [DONE]\n\n`;
  }

  #choice(index: number): ChoiceState {
    let state = this.#choices.get(index);
    if (state === undefined) {
      state = { hasBegun: false, thought: '', sealed: [], calls: new Map() };
      this.#choices.set(index, state);
    }
    return state;
  }

  /** The first chunk of a choice says whose it is, as OpenAI's does. */
  #chunk(index: number, state: ChoiceState, fields: string, finishReason?: string): string {
    let role = '';
    if (!state.hasBegun) {
      state.hasBegun = true;
      role = this.#line(index, '"role":"assistant","content":"","refusal":null', undefined);
    }
    return role + this.#line(index, fields, finishReason);
  }

  #line(index: number, fields: string, finishReason: string | undefined): string {
    const reason = finishReason === undefined ? 'null' : `"${finishReason}"`;
    const usage = this.#wantsUsage ? ',"usage":null' : '';
    return `${this.#head}{"index":${index},"delta":{${fields}},"logprobs":null,"finish_reason":${reason}}]${usage}}\n\n`;
  }
}

function beginCall(delta: Extract<Delta, { kind: 'call' }>, state: ChoiceState): string {
  const index = state.calls.size;
  state.calls.set(delta.key, index);
  const { id, name } = delta;
  const extra_content = extraContent(state.sealed);
  state.sealed = [];
  const call = { index, id, type: 'function', function: { name, arguments: '' }, extra_content };
  return `"tool_calls":[${JSON.stringify(call)}]`;
}
