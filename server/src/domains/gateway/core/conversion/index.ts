/**
 * Carries calls between the dialects through one neutral form (`conversation.ts`, `answer.ts`): three readers and three
 * writers of each, which make six conversions.
 */
import { messages } from '../anthropic/index.ts';
import type {
  CallRequest,
  Conversion,
  ConvertedCall,
  ConvertedRequest,
  Dialect,
  StreamConverter,
  Surface,
} from '../dialect.ts';
import { readFields } from '../event-fields.ts';
import { generateContent } from '../gemini/index.ts';
import { isRecord } from '../json.ts';
import { chat } from '../openai/index.ts';
import { refusals } from '../refusals.ts';
import type { Answer, Delta, DeltaReader, DeltaWriter } from './answer.ts';
import { AnthropicDeltaReader, readAnthropicAnswer } from './anthropic/read-answer.ts';
import { readAnthropicRequest } from './anthropic/read-request.ts';
import { AnthropicDeltaWriter, writeAnthropicAnswer } from './anthropic/write-answer.ts';
import { writeAnthropicRequest } from './anthropic/write-request.ts';
import type { Conversation } from './conversation.ts';
import { parseExactly } from './exact-json.ts';
import { type Json, refuse, Unconvertible } from './fields.ts';
import { GeminiDeltaReader, readGeminiAnswer } from './gemini/read-answer.ts';
import { readGeminiRequest } from './gemini/read-request.ts';
import { GeminiDeltaWriter, writeGeminiAnswer } from './gemini/write-answer.ts';
import { writeGeminiRequest } from './gemini/write-request.ts';
import { OpenAiDeltaReader, readOpenAiAnswer } from './openai/read-answer.ts';
import { readOpenAiRequest } from './openai/read-request.ts';
import { OpenAiDeltaWriter, writeOpenAiAnswer } from './openai/write-answer.ts';
import { writeOpenAiRequest } from './openai/write-request.ts';

/** How one dialect is read and written. */
interface Speech {
  surface: Surface;
  readRequest(body: Json, isStream: boolean): Conversation;
  writeRequest(conversation: Conversation, target: Target): string;
  path(model: string, isStream: boolean): string;
  /** What the vendor wants to hear with every call. */
  headers: Readonly<Record<string, string>>;
  readAnswer(body: Json, requestId: string): Answer;
  writeAnswer(answer: Answer, call: ConvertedCall): string;
  deltaReader(requestId: string): DeltaReader;
  deltaWriter(call: ConvertedCall): DeltaWriter;
}

interface Target {
  model: string;
  /** The most that the model can write, for dialects that have to name a limit. */
  maxOutputTokens: number | undefined;
}

const speeches: Readonly<Record<Dialect, Speech>> = {
  openai: {
    surface: chat,
    readRequest: readOpenAiRequest,
    writeRequest: writeOpenAiRequest,
    path: () => '/chat/completions',
    headers: {},
    readAnswer: readOpenAiAnswer,
    writeAnswer: writeOpenAiAnswer,
    deltaReader: (requestId) => new OpenAiDeltaReader(requestId),
    deltaWriter: (call) => new OpenAiDeltaWriter(call),
  },
  anthropic: {
    surface: messages,
    readRequest: readAnthropicRequest,
    writeRequest: writeAnthropicRequest,
    path: () => '/v1/messages',
    headers: { 'anthropic-version': '2023-06-01' },
    readAnswer: readAnthropicAnswer,
    writeAnswer: writeAnthropicAnswer,
    deltaReader: () => new AnthropicDeltaReader(),
    deltaWriter: (call) => new AnthropicDeltaWriter(call),
  },
  gemini: {
    surface: generateContent,
    readRequest: readGeminiRequest,
    writeRequest: writeGeminiRequest,
    path: (model, isStream) => {
      const method = isStream ? 'streamGenerateContent?alt=sse' : 'generateContent';
      return `/v1beta/models/${encodeURIComponent(model.toWellFormed())}:${method}`;
    },
    headers: {},
    readAnswer: readGeminiAnswer,
    writeAnswer: writeGeminiAnswer,
    deltaReader: (requestId) => new GeminiDeltaReader(requestId),
    deltaWriter: (call) => new GeminiDeltaWriter(call),
  },
};

const dialects = ['openai', 'anthropic', 'gemini'] as const;

const conversions: ReadonlyMap<string, Conversion> = new Map(
  dialects.flatMap((from) =>
    dialects
      .filter((to) => to !== from)
      .map((to): [string, Conversion] => [
        `${speeches[from].surface.name} ${to}`,
        conversionOf(speeches[from], speeches[to]),
      ]),
  ),
);

/** How a call of a surface is put to an upstream of another dialect; undefined where it cannot be. */
export function findConversion(from: Surface, to: Dialect): Conversion | undefined {
  return conversions.get(`${from.name} ${to}`);
}

function conversionOf(from: Speech, to: Speech): Conversion {
  return {
    to: to.surface,
    convertRequest: (body, request, model, maxOutputTokens) =>
      convertRequest({ from, to }, { body, request }, { model, maxOutputTokens }),
    convertAnswer(body, call) {
      const answer = to.readAnswer(parseRecord(body.toString('utf8')) ?? {}, call.requestId);
      return Buffer.from(from.writeAnswer(answer, call));
    },
    openStream: (call) =>
      new EventConverter(to.deltaReader(call.requestId), from.deltaWriter(call)),
  };
}

function convertRequest(
  { from, to }: { from: Speech; to: Speech },
  { body, request }: { body: Buffer; request: CallRequest },
  target: Target,
): ConvertedRequest {
  try {
    const parsed = parseRecord(body.toString('utf8'));
    if (parsed === undefined) return { accepted: false, refusal: refusals.bodyBroken };
    const conversation = from.readRequest(parsed, request.isStream);
    refuseUnanswerable(conversation);
    const written = to.writeRequest(conversation, target);
    const bytes = Buffer.from(written);
    const { isStream } = request;
    // A call that the upstream's own surface would not take is not to reach it by this way either.
    const judged = to.surface.readRequest(bytes, { model: target.model, isStream, headers: {} });
    if (!judged.accepted) return judged;
    const { extraInputTokens } = judged.request;
    const path = to.path(target.model, isStream);
    return { accepted: true, body: bytes, path, headers: to.headers, extraInputTokens };
  } catch (error) {
    if (error instanceof Unconvertible) return { accepted: false, refusal: error.refusal };
    throw error;
  }
}

/** What a model is to answer is the user's word: each vendor makes something else of a conversation that ends with its own. */
function refuseUnanswerable({ turns, names }: Conversation): void {
  const last = turns.at(-1);
  if (last === undefined) refuse(names.turns, 'Say something: there is no text in this call.');
  if (last.role === 'assistant') {
    refuse(last.at, 'End with a message of the user: this model does not go on with its own.');
  }
}

function parseRecord(text: string): Json | undefined {
  try {
    const parsed = parseExactly(text);
    return isRecord(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

class EventConverter implements StreamConverter {
  readonly #reader: DeltaReader;
  readonly #writer: DeltaWriter;

  constructor(reader: DeltaReader, writer: DeltaWriter) {
    this.#reader = reader;
    this.#writer = writer;
  }

  push(event: Buffer): Buffer | undefined {
    const { data } = readFields(event);
    const parsed = data === undefined || data === '[DONE]' ? undefined : parseRecord(data);
    if (parsed === undefined) return undefined;
    const deltas: Delta[] = [];
    this.#reader.read(parsed, deltas);
    let written = '';
    for (const delta of deltas) written += this.#writer.write(delta);
    return written === '' ? undefined : Buffer.from(written);
  }

  end(): Buffer {
    return Buffer.from(this.#writer.end());
  }
}
