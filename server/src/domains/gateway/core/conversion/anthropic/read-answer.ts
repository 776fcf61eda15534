/** Reads a message, whole or in events: https://docs.claude.com/en/docs/build-with-claude/streaming */

import { type Figures, mergeFigures, readFigures, usageOf } from '../../anthropic/usage.ts';
import { isRecord } from '../../json.ts';
import type { Answer, Delta, DeltaReader, Finish } from '../answer.ts';
import type { AssistantPart, Seal } from '../conversation.ts';
import type { Json } from '../fields.ts';

export function readAnthropicAnswer(body: Json): Answer {
  const blocks = Array.isArray(body.content) ? body.content.filter(isRecord) : [];
  const parts = blocks.flatMap(readBlock);
  const stopSequence = typeof body.stop_sequence === 'string' ? body.stop_sequence : undefined;
  const finish = finishOf(body.stop_reason) ?? 'stop';
  return {
    choices: [{ index: 0, parts, finish, stopSequence }],
    usage: usageOf(readFigures(body.usage)),
  };
}

function readBlock(block: Json): AssistantPart[] {
  switch (block.type) {
    case 'text':
      return block.text === '' ? [] : [{ kind: 'text', text: textOf(block.text), at: '' }];
    case 'thinking': {
      const seal = sealOf(textOf(block.signature), false);
      return [{ kind: 'thinking', text: textOf(block.thinking), seal, at: '' }];
    }
    case 'redacted_thinking':
      return [{ kind: 'thinking', text: '', seal: sealOf(textOf(block.data), true), at: '' }];
    case 'tool_use': {
      const input = isRecord(block.input) ? block.input : {};
      return [{ kind: 'call', id: textOf(block.id), name: textOf(block.name), input, at: '' }];
    }
    default:
      // Everything else belongs to tools that the vendor runs, which were refused.
      return [];
  }
}

function sealOf(value: string, isRedacted: boolean): Seal | undefined {
  return value === '' ? undefined : { vendor: 'anthropic', value, isRedacted };
}

export class AnthropicDeltaReader implements DeltaReader {
  #figures: Figures | undefined;
  /** The call whose block is open, and whether any of its arguments came. */
  #call: { key: number; hasArguments: boolean } | undefined;

  read(event: Json, deltas: Delta[]): void {
    switch (event.type) {
      case 'message_start':
        this.#report(isRecord(event.message) ? event.message.usage : undefined, deltas);
        break;
      case 'content_block_start':
        if (isRecord(event.content_block)) this.#begin(event.content_block, event.index, deltas);
        break;
      case 'content_block_delta':
        if (isRecord(event.delta)) this.#continue(event.delta, deltas);
        break;
      case 'content_block_stop':
        this.#endBlock(deltas);
        break;
      case 'message_delta':
        this.#report(event.usage, deltas);
        if (isRecord(event.delta)) this.#finish(event.delta, deltas);
        break;
    }
  }

  #report(reported: unknown, deltas: Delta[]): void {
    const figures = readFigures(reported);
    if (figures === undefined) return;
    this.#figures = mergeFigures(this.#figures, figures);
    const usage = usageOf(this.#figures);
    if (usage) deltas.push({ kind: 'usage', usage });
  }

  #begin(block: Json, index: unknown, deltas: Delta[]): void {
    const text = textOf(block.text) || textOf(block.thinking);
    if (block.type === 'tool_use') {
      const key = typeof index === 'number' ? index : 0;
      const { id, name } = block;
      deltas.push({ kind: 'call', choice: 0, key, id: textOf(id), name: textOf(name) });
      this.#call = { key, hasArguments: false };
      // Whole at once from some servers; Claude begins with an empty object.
      if (isRecord(block.input) && Object.keys(block.input).length > 0) {
        this.#addArguments(JSON.stringify(block.input), deltas);
      }
    } else if (block.type === 'redacted_thinking') {
      const seal = sealOf(textOf(block.data), true);
      if (seal) deltas.push({ kind: 'seal', choice: 0, seal });
    } else if (text !== '') {
      deltas.push({ kind: block.type === 'thinking' ? 'thinking' : 'text', choice: 0, text });
    }
  }

  #continue(delta: Json, deltas: Delta[]): void {
    if (delta.type === 'text_delta') {
      deltas.push({ kind: 'text', choice: 0, text: textOf(delta.text) });
    } else if (delta.type === 'input_json_delta') {
      this.#addArguments(textOf(delta.partial_json), deltas);
    } else if (delta.type === 'thinking_delta') {
      deltas.push({ kind: 'thinking', choice: 0, text: textOf(delta.thinking) });
    } else if (delta.type === 'signature_delta') {
      const seal = sealOf(textOf(delta.signature), false);
      if (seal) deltas.push({ kind: 'seal', choice: 0, seal });
    }
  }

  #addArguments(piece: string, deltas: Delta[]): void {
    if (this.#call === undefined || piece === '') return;
    this.#call.hasArguments = true;
    deltas.push({ kind: 'arguments', choice: 0, key: this.#call.key, piece });
  }

  /** A call without arguments has none in its stream, and an empty object elsewhere. */
  #endBlock(deltas: Delta[]): void {
    if (this.#call && !this.#call.hasArguments) this.#addArguments('{}', deltas);
    this.#call = undefined;
  }

  #finish(delta: Json, deltas: Delta[]): void {
    const finish = finishOf(delta.stop_reason);
    if (finish === undefined) return;
    const stopSequence = typeof delta.stop_sequence === 'string' ? delta.stop_sequence : undefined;
    deltas.push({ kind: 'finish', choice: 0, finish, stopSequence });
  }
}

const finishes = new Map<unknown, Finish>([
  ['end_turn', 'stop'],
  ['stop_sequence', 'stop'],
  ['max_tokens', 'length'],
  ['model_context_window_exceeded', 'length'],
  ['tool_use', 'calls'],
  ['refusal', 'filtered'],
]);

function finishOf(reason: unknown): Finish | undefined {
  return typeof reason === 'string' ? (finishes.get(reason) ?? 'stop') : undefined;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
