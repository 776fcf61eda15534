/** Writes a message, whole or in events. */
import type { Usage } from '../../../../metering/index.ts';
import type { ConvertedCall } from '../../dialect.ts';
import type { Answer, Delta, DeltaWriter, Finish } from '../answer.ts';
import type { AssistantPart, Seal } from '../conversation.ts';
import { anthropicUsage } from '../usage.ts';
import { signatureOf, thinkingBlock } from './thinking-blocks.ts';

const stopReasons: Readonly<Record<Finish, string>> = {
  stop: 'end_turn',
  length: 'max_tokens',
  calls: 'tool_use',
  filtered: 'refusal',
  broken: 'refusal',
};

const noUsage: Usage = {
  inputTokens: 0,
  cachedInputTokens: 0,
  cacheWriteTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
  estimated: false,
};

export function writeAnthropicAnswer({ choices, usage }: Answer, call: ConvertedCall): string {
  const [choice] = choices;
  return JSON.stringify({
    ...headOf(call),
    content: choice?.parts.map(writeBlock) ?? [],
    ...endOf(choice?.finish ?? 'stop', choice?.stopSequence),
    usage: anthropicUsage(usage ?? noUsage),
  });
}

function headOf({ requestId, model }: ConvertedCall) {
  return { id: `msg_${requestId}`, type: 'message', role: 'assistant', model };
}

function endOf(finish: Finish, stopSequence: string | undefined) {
  const isSequence = finish === 'stop' && stopSequence !== undefined;
  return {
    stop_reason: isSequence ? 'stop_sequence' : stopReasons[finish],
    stop_sequence: stopSequence ?? null,
  };
}

function writeBlock(part: AssistantPart): object {
  switch (part.kind) {
    case 'text':
      return { type: 'text', text: part.text };
    case 'thinking':
      return thinkingBlock(part);
    case 'call':
      return { type: 'tool_use', id: part.id, name: part.name, input: part.input };
  }
}

/** One block is open at a time, as in Claude's own streams: SDKs take a block's end for the end of a call. */
export class AnthropicDeltaWriter implements DeltaWriter {
  readonly #call: ConvertedCall;
  #hasBegun = false;
  #index = -1;
  #open: 'text' | 'thinking' | 'call' | undefined;
  /** Blocks of calls by their key. */
  readonly #calls = new Map<number, number>();
  #finish: Finish = 'stop';
  #stopSequence: string | undefined;
  #usage: Usage = noUsage;

  constructor(call: ConvertedCall) {
    this.#call = call;
  }

  write(delta: Delta): string {
    switch (delta.kind) {
      case 'usage':
        this.#usage = delta.usage;
        return '';
      case 'text':
        return (
          this.#enter('text', '{"type":"text","text":""}') +
          this.#delta(this.#index, `{"type":"text_delta","text":${JSON.stringify(delta.text)}}`)
        );
      case 'thinking':
        return (
          this.#enterThinking() +
          this.#delta(
            this.#index,
            `{"type":"thinking_delta","thinking":${JSON.stringify(delta.text)}}`,
          )
        );
      case 'seal':
        return this.#seal(delta.seal);
      case 'call': {
        const { key, id, name } = delta;
        const begun = this.#begin(
          'call',
          JSON.stringify({ type: 'tool_use', id, name, input: {} }),
        );
        this.#calls.set(key, this.#index);
        return begun;
      }
      case 'arguments': {
        const json = JSON.stringify(delta.piece);
        return this.#delta(
          this.#calls.get(delta.key) ?? this.#index,
          `{"type":"input_json_delta","partial_json":${json}}`,
        );
      }
      case 'finish':
        this.#finish = delta.finish;
        this.#stopSequence = delta.stopSequence;
        return this.#start() + this.#close();
    }
  }

  /** The input is known only now where the upstream reports at its end; these figures replace those of the start. */
  end(): string {
    const closed = this.#start() + this.#close();
    const delta = {
      type: 'message_delta',
      delta: endOf(this.#finish, this.#stopSequence),
      usage: anthropicUsage(this.#usage),
    };
    return `${closed}event: message_delta\ndata: ${JSON.stringify(delta)}\n\nevent: message_stop\ndata: {"type":"message_stop"}\n\n`;
  }

  #start(): string {
    if (this.#hasBegun) return '';
    this.#hasBegun = true;
    const message = {
      ...headOf(this.#call),
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: anthropicUsage(noUsage),
    };
    const data = JSON.stringify({ type: 'message_start', message });
    return `event: message_start\ndata: ${data}\n\n`;
  }

  #enter(kind: 'text' | 'thinking', block: string): string {
    return this.#open === kind ? '' : this.#begin(kind, block);
  }

  #enterThinking(): string {
    return this.#enter('thinking', '{"type":"thinking","thinking":"","signature":""}');
  }

  #begin(kind: 'text' | 'thinking' | 'call', block: string): string {
    const before = this.#start() + this.#close();
    this.#index += 1;
    this.#open = kind;
    return `${before}event: content_block_start\ndata: {"type":"content_block_start","index":${this.#index},"content_block":${block}}\n\n`;
  }

  #delta(index: number, delta: string): string {
    return `event: content_block_delta\ndata: {"type":"content_block_delta","index":${index},"delta":${delta}}\n\n`;
  }

  #close(): string {
    if (this.#open === undefined) return '';
    this.#open = undefined;
    return `event: content_block_stop\ndata: {"type":"content_block_stop","index":${this.#index}}\n\n`;
  }

  /** A seal ends the thinking that it is on; alone it is a block of thinking without words. */
  #seal(seal: Seal): string {
    if (seal.isRedacted) {
      const block = JSON.stringify({ type: 'redacted_thinking', data: seal.value });
      return this.#begin('thinking', block) + this.#close();
    }
    const signature = JSON.stringify(signatureOf(seal));
    return (
      this.#enterThinking() +
      this.#delta(this.#index, `{"type":"signature_delta","signature":${signature}}`) +
      this.#close()
    );
  }
}
