/**
 * One attempt at one upstream, from the request to its end: judges the status, passes a stream on as it comes, keeps
 * anything else until it is paid for. It ends exactly once, whatever the two connections do, and never throws.
 */
import type { ServerResponse } from 'node:http';
import type { Dispatcher } from 'undici';
import { readChatAnswer } from './core/chat-answer.ts';
import { judgeStatus, type Rest } from './core/upstream-verdict.ts';
import type { GatewayLimits } from './limits.ts';
import { StreamRelay, type StreamState } from './stream-relay.ts';

export type ExchangeEnd =
  /** Nothing reached the caller: another channel may be tried. */
  | { kind: 'failed'; rest: Rest; status: number | undefined; error?: Error | undefined }
  /** The caller's own mistake, in the upstream's words. */
  | CallersFault
  /** A whole answer, not sent yet. */
  | { kind: 'answer'; contentType: string; body: Buffer; usage: unknown }
  /** A stream, passed on but for its tail. */
  | { kind: 'stream'; isWhole: boolean; relay: StreamRelay }
  /** Given up while nothing of use had come. */
  | { kind: 'cut'; wasSent: boolean };

export interface CallersFault {
  kind: 'callers_fault';
  status: number;
  contentType: string;
  body: Buffer;
}

export interface ExchangeOptions {
  response: ServerResponse;
  /** Headers of every answer to the caller. */
  headers: Record<string, string>;
  wantsUsage: boolean;
  limits: GatewayLimits;
  nowMs: () => number;
  onFirstOutput: () => void;
}

/** What is read of an answer that is of no use, before its connection is closed. */
const uselessBytesMax = 256 * 1024;

type Controller = Dispatcher.DispatchController;
type Headers = Record<string, string | string[] | undefined>;

export class UpstreamExchange implements Dispatcher.DispatchHandler {
  readonly ended: Promise<ExchangeEnd>;
  readonly #options: ExchangeOptions;
  #resolve!: (end: ExchangeEnd) => void;
  #controller: Controller | undefined;
  #phase: 'waiting' | 'stream' | 'answer' | 'callers_fault' | 'over' = 'waiting';
  #relay: StreamRelay | undefined;
  #status: number | undefined;
  #contentType = '';
  #kept: Buffer[] = [];
  #bytes = 0;
  #drainedBytes: number | undefined;

  constructor(options: ExchangeOptions) {
    this.#options = options;
    this.ended = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  /** The caller left: what still comes is read for its usage only. */
  callerLeft(): void {
    this.#drainedBytes = 0;
    this.#relay?.stopForwarding();
    if (this.#controller?.paused) this.#controller.resume();
  }

  /** Gives the upstream up and ends with what there is. */
  cut(): void {
    if (this.#phase === 'over') return;
    const wasSent = this.#controller !== undefined;
    if (this.#relay) this.#endStream(this.#relay, false);
    else this.#end({ kind: 'cut', wasSent });
    this.#abort();
  }

  onRequestStart(controller: Controller): void {
    this.#controller = controller;
    if (this.#phase === 'over') this.#abort();
  }

  onResponseStart(controller: Controller, status: number, headers: Headers): void {
    this.#controller = controller;
    if (status < 200 || this.#phase !== 'waiting') return;
    this.#status = status;
    const verdict = judgeStatus(status, textOf(headers['retry-after']), this.#options.nowMs());
    const encoding = textOf(headers['content-encoding']) ?? 'identity';
    this.#contentType = textOf(headers['content-type']) ?? 'application/json';
    if (verdict.kind === 'failed') this.#end({ kind: 'failed', rest: verdict.rest, status });
    else if (encoding !== 'identity') {
      this.#fail(new Error(`The upstream compressed its answer unasked: ${encoding}.`));
    } else if (verdict.kind === 'callers_fault') this.#phase = 'callers_fault';
    else if (!this.#contentType.startsWith('text/event-stream')) this.#phase = 'answer';
    else this.#startStream();
  }

  onResponseData(controller: Controller, chunk: Buffer): void {
    if (this.#drainedBytes !== undefined) {
      this.#drainedBytes += chunk.length;
      if (this.#drainedBytes > this.#options.limits.drainBytesMax) this.cut();
    }
    if (this.#relay && this.#phase === 'stream') {
      this.#takeState(this.#relay, this.#relay.take(chunk), controller);
    } else this.#keep(chunk);
  }

  onResponseEnd(): void {
    const relay = this.#relay;
    if (this.#phase === 'stream' && relay) {
      this.#takeState(relay, relay.takeRest(), undefined);
      // Without an end mark, a usage report or a reason to stop tells a whole answer from a broken one.
      if (!this.#isOver())
        this.#endStream(relay, relay.isUsageLast || relay.delivered.isFinished());
      return;
    }
    const body = Buffer.concat(this.#kept);
    const contentType = this.#contentType;
    if (this.#phase === 'answer') {
      const { usage, isFailure } = readChatAnswer(body);
      if (isFailure) this.#fail(new Error('The upstream answered 200 with an error.'));
      else this.#end({ kind: 'answer', contentType, body, usage });
    } else if (this.#phase === 'callers_fault' && this.#status !== undefined) {
      this.#end({ kind: 'callers_fault', status: this.#status, contentType, body });
    }
  }

  onResponseError(_controller: Controller | undefined, error: Error): void {
    if (this.#relay) this.#endStream(this.#relay, false, error);
    else this.#fail(error);
  }

  #keep(chunk: Buffer): void {
    const isAnswer = this.#phase === 'answer';
    if (this.#phase !== 'over') this.#kept.push(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes <= (isAnswer ? this.#options.limits.answerBytesMax : uselessBytesMax)) return;
    this.#fail(new Error('The answer of the upstream is too large.'));
  }

  #startStream(): void {
    const { response, headers, wantsUsage, onFirstOutput } = this.#options;
    this.#phase = 'stream';
    this.#relay = new StreamRelay({
      response,
      headers: { ...headers, 'content-type': this.#contentType, 'cache-control': 'no-cache' },
      wantsUsage,
      onFirstOutput,
    });
    if (this.#drainedBytes !== undefined) this.#relay.stopForwarding();
  }

  #takeState(relay: StreamRelay, state: StreamState, controller: Controller | undefined): void {
    if (state === 'full' && controller) this.#waitForCaller(controller);
    else if (state === 'done') this.#endStream(relay, true);
    else if (state === 'error') {
      this.#endStream(relay, false, new Error('The upstream ended its stream with an error.'));
      this.#abort();
    } else if (state === 'too_large') this.cut();
  }

  #waitForCaller(controller: Controller): void {
    if (this.#drainedBytes !== undefined) return;
    controller.pause();
    this.#options.response.once('drain', () => controller.resume());
  }

  /** A stream of which nothing was passed on, not even its end, is a failure that another channel may mend. */
  #endStream(relay: StreamRelay, isWhole: boolean, error?: Error): void {
    const isGone = this.#drainedBytes !== undefined;
    if (isWhole || isGone || relay.hasForwarded) this.#end({ kind: 'stream', isWhole, relay });
    else this.#fail(error ?? new Error('The upstream ended its stream without a word.'));
  }

  #fail(error: Error): void {
    this.#end({ kind: 'failed', rest: { kind: 'growing' }, status: this.#status, error });
    this.#abort();
  }

  #end(end: ExchangeEnd): void {
    if (this.#phase === 'over') return;
    this.#phase = 'over';
    this.#kept = [];
    this.#bytes = 0;
    this.#resolve(end);
  }

  #isOver(): boolean {
    return this.#phase === 'over';
  }

  #abort(): void {
    if (this.#controller && !this.#controller.aborted) {
      this.#controller.abort(new Error('The call is over.'));
    }
  }
}

function textOf(header: string | string[] | undefined): string | undefined {
  return typeof header === 'object' ? header[0] : header;
}
