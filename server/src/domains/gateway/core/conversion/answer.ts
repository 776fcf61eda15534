/** What a model answers, in nobody's words: whole, or piece by piece. */
import type { Usage } from '../../../metering/index.ts';
import type { AssistantPart, Seal } from './conversation.ts';

export interface Answer {
  choices: readonly AnswerChoice[];
  usage: Usage | undefined;
}

export interface AnswerChoice {
  index: number;
  parts: readonly AssistantPart[];
  finish: Finish;
  /** The stop sequence that was met, where the upstream says which. */
  stopSequence: string | undefined;
}

/**
 * Why an answer ended. `filtered`: the vendor or the model would not go on. `broken`: it ended in the call of a tool that is
 * unreadable, and left out.
 */
export type Finish = 'stop' | 'length' | 'calls' | 'filtered' | 'broken';

/** One piece of a streamed answer. `key` tells the calls of one choice apart. */
export type Delta =
  | { kind: 'text'; choice: number; text: string }
  | { kind: 'thinking'; choice: number; text: string }
  /** Of the thinking before it, or of the call behind it. */
  | { kind: 'seal'; choice: number; seal: Seal }
  | { kind: 'call'; choice: number; key: number; id: string; name: string }
  | { kind: 'arguments'; choice: number; key: number; piece: string }
  | { kind: 'finish'; choice: number; finish: Finish; stopSequence: string | undefined }
  /** The last one counts. */
  | { kind: 'usage'; usage: Usage };

/** Understands the events of an upstream's stream. */
export interface DeltaReader {
  /** Adds to `deltas` what the parsed data of one event says. */
  read(data: Readonly<Record<string, unknown>>, deltas: Delta[]): void;
}

/** Says the pieces in the caller's dialect. */
export interface DeltaWriter {
  /** What is sent at once; empty for nothing. */
  write(delta: Delta): string;
  /** What closes the stream. */
  end(): string;
}
