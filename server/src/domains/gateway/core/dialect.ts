/**
 * The port of a dialect: what the relay must know of a vendor's API to admit, relay and bill a call of it. Everything
 * behind it is pure: bytes in, decisions out. `surfaces.ts` lists what there is.
 */
import type { ServiceTier, Usage } from '../../metering/index.ts';
import type { CallRefusal } from './call-refusal.ts';
import type { Edit } from './splice.ts';

export type Dialect = 'openai' | 'anthropic' | 'gemini';

/** One thing that can be asked in a dialect, with a body, an answer and an address of its own. */
export interface Surface {
  /** In logs, metrics and receipts, such as `openai.chat`. */
  readonly name: string;
  readonly dialect: Dialect;
  /**
   * Whether calls go to an upstream for answers that cost tokens. A free one (counting tokens) needs no funds and makes no
   * receipt.
   */
  readonly isBilled: boolean;
  /** The field by which a call limits its output, to be named where a call must have one. */
  readonly limitField?: string;
  /**
   * Reads from the body what decides the price, and refuses what could make an upstream understand it otherwise than we
   * do, or what has no price: a caller can neither raise a limit nor lower a bill by anything it sends.
   */
  readRequest(body: Buffer, address: CallAddress): CallDecision;
  /** What a whole (not streamed) answer says. */
  readAnswer(body: Buffer): AnswerReport;
  /** Reads one stream, from its first event to its last. */
  openStream(call: { wantsUsage: boolean }): StreamReader;
  /** Text of one event's data that a model wrote, to be counted where no usage came; and whether it says why it ended. */
  readDelivered(data: string): DeliveredPart;
  /** Text of a whole answer that a model wrote. */
  answerText(body: string): string;
  /** Input tokens of a body as its vendor would count them, near enough; runs in a worker. */
  countInput(body: string, count: (text: string) => number): number;
  /** Of a surface that counts tokens: the answer, where they were counted here for want of an upstream that could. */
  describeCount?(tokens: number): string;
}

/** What the caller's address and headers say, where the body does not. */
export interface CallAddress {
  /** Gemini names the model in its address. */
  model?: string;
  isStream?: boolean;
  headers: Readonly<Record<string, string | string[] | undefined>>;
}

export type CallDecision =
  | { accepted: true; request: CallRequest }
  | { accepted: false; refusal: CallRefusal };

/** What was understood of a call. */
export interface CallRequest {
  model: string;
  isStream: boolean;
  /** Whether a report of usage belongs into the caller's stream; it is hidden otherwise. */
  wantsUsage: boolean;
  /** The larger of the limits that the call names; undefined where it names none. */
  maxOutputTokens: number | undefined;
  /** Output that is billed beyond that limit, such as rejected tokens of a prediction. */
  extraOutputTokens: number;
  /** How many answers are asked for. */
  choices: number;
  /**
   * Input that the bytes of the body do not bound: images, audio, files. Negative where they bound too much: the base64 of
   * an image is no text.
   */
  extraInputTokens: number;
  /** The most that it may use of what is paid per use, such as `{ search: 5 }`. */
  uses: Readonly<Partial<Record<'search', number>>>;
  /** Other prices than the usual, where the price book has them. */
  serviceTier: ServiceTier | undefined;
  /** Calls with the same hint profit from the same upstream account's cache: a session, a user, the first message. */
  affinity: string | undefined;
  /** Where and how it is sent to an upstream of the same dialect; `model` is the channel's name of it. */
  target(model: string): CallTarget;
}

export interface CallTarget {
  /** Behind the channel's base URL, such as `/chat/completions`. */
  path: string;
  /** What differs from the caller's bytes. */
  edits: readonly Edit[];
  /** The caller's own headers that mean something to the vendor (`anthropic-beta`), besides those of every call. */
  headers: Readonly<Record<string, string>>;
}

export interface AnswerReport {
  /** Undefined where none was reported that can be billed. Zero is a report. */
  usage: Usage | undefined;
  /** An error in an answer of status 200. */
  isFailure: boolean;
}

/** How one event of a stream is treated. */
export type StreamEvent =
  /** Passed on; a model wrote something in it. */
  | 'output'
  /** Passed on; nothing was generated: starts, pings, comments. */
  | 'silent'
  /** Not passed on: the caller did not ask for it. */
  | 'hidden'
  /** Passed on when something follows, or once the call is paid for. */
  | 'held'
  /** The stream is whole; passed on once the call is paid for. */
  | 'end'
  /** The upstream ended its stream with an error. */
  | 'error';

export interface StreamReader {
  /** One whole event, its blank line included. */
  read(event: Buffer): StreamEvent;
  /** The last report so far. */
  readonly usage: Usage | undefined;
  /** Whether nothing can be generated after that report: it is the upstream's last word. */
  readonly isUsageFinal: boolean;
  /** Whether a stream that just stops after what was read was whole: some vendors send no end mark. */
  readonly isWhole: boolean;
}

export interface DeliveredPart {
  text: string;
  isFinished: boolean;
}

/** How a dialect says no, and how it is reached. */
export interface DialectSpeech {
  /** The status that the vendor uses for it; usually the refusal's own. */
  statusOf(refusal: CallRefusal): number;
  /** The body of an error answer, in the vendor's shape. */
  errorBody(refusal: CallRefusal): string;
  /** The event that ends a broken stream; the vendor's SDK throws what it says. */
  errorEvent(refusal: CallRefusal): string;
  /** Headers by which an upstream knows the channel's account. */
  keyHeaders(apiKey: string): Readonly<Record<string, string>>;
}

/**
 * Carries a call of one surface to an upstream of another dialect and its answer back. Usage is always read from what the
 * upstream said, in the upstream's dialect, so that a conversion cannot change a bill.
 */
export interface Conversion {
  /** What the upstream is asked, as a surface of its own dialect. */
  readonly to: Surface;
  /**
   * The body for the upstream; refuses by name what cannot be carried over. `maxOutputTokens` is what the call is held to
   * where it names no limit itself: some dialects have to name one.
   */
  convertRequest(
    body: Buffer,
    request: CallRequest,
    model: string,
    maxOutputTokens?: number,
  ): ConvertedRequest;
  /** A whole answer in the caller's dialect. */
  convertAnswer(body: Buffer, call: ConvertedCall): Buffer;
  openStream(call: ConvertedCall): StreamConverter;
}

export type ConvertedRequest =
  | {
      accepted: true;
      body: Buffer;
      path: string;
      /** What the vendor wants to hear with every call, such as the version of its API. */
      headers: Readonly<Record<string, string>>;
      /** Input that the bytes do not bound, as the upstream's dialect counts it: an image may cost ten times as much there. */
      extraInputTokens: number;
    }
  | { accepted: false; refusal: CallRefusal };

export interface ConvertedCall {
  requestId: string;
  /** As the caller named it. */
  model: string;
  /** Seconds of the epoch, for dialects that date their answers. */
  createdAtSeconds: number;
  /** Of the caller: whether a report of usage belongs into its stream. */
  wantsUsage: boolean;
}

export interface StreamConverter {
  /** The events of the caller's dialect that one event of the upstream's becomes; undefined for none. */
  push(event: Buffer): Buffer | undefined;
  /** What closes the caller's stream once the upstream's is whole. */
  end(): Buffer;
}
