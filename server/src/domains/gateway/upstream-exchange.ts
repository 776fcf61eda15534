/**
 * One attempt at one upstream, from the request to its end: judges the status, passes a stream on as it comes, keeps
 * anything else until it is paid for. It ends exactly once, whatever the two connections do, and never throws.
 */
import type { ServerResponse } from 'node:http';
import type { Dispatcher } from 'undici';
import type { Usage } from '../metering/index.ts';
import type { Conversion, ConvertedCall, Surface } from './core/dialect.ts';
import { isWorthReading, judgeAnswer, type Rest } from './core/upstream-verdict.ts';
import type { GatewayLimits } from './limits.ts';
import { StreamRelay, type StreamState } from './stream-relay.ts';

export type ExchangeEnd =
  /** Nothing reached the caller: another channel may be tried. */
  | { kind: 'failed'; rest: Rest; status: number | undefined; error?: Error | undefined }
  /** The caller's own mistake, in the upstream's words. */
  | CallersFault
  /** A whole answer, not sent yet. */
  | WholeEnd
  /** A stream, passed on but for its tail. */
  | { kind: 'stream'; isWhole: boolean; relay: StreamRelay }
  /** Given up while nothing of use had come. */
  | {
      kind: 'cut';
      wasSent: boolean;
      /** The upstream had accepted it: the head of an answer had come. */
      hasBegun: boolean;
    };

export interface WholeEnd {
  kind: 'answer';
  contentType: string;
  /** As the upstream wrote it. */
  body: Buffer;
  /** As the caller gets it. */
  converted: Buffer;
  usage: Usage | undefined;
}

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
  /** What the upstream is asked. */
  surface: Surface;
  /** As the upstream was asked for it. */
  model: string;
  wantsUsage: boolean;
  /** Where the caller speaks another dialect than the upstream. */
  conversion: { by: Conversion; call: ConvertedCall } | undefined;
  limits: GatewayLimits;
  nowMs: () => number;
  onFirstOutput: () => void;
}

/** What is read of an answer that is of no use, before its connection is closed. */
const uselessBytesMax = 256 * 1024;
/** How long the words of a refusal are waited for: another channel may be tried meanwhile. */
const wordsWaitMs = 5000;

type Controller = Dispatcher.DispatchController;
type Headers = Record<string, string | string[] | undefined>;

export class UpstreamExchange implements Dispatcher.DispatchHandler {
  readonly ended: Promise<ExchangeEnd>;
  readonly #options: ExchangeOptions;
  #resolve!: (end: ExchangeEnd) => void;
  #controller: Controller | undefined;
  #phase: 'waiting' | 'stream' | 'answer' | 'refusal' | 'over' = 'waiting';
  #relay: StreamRelay | undefined;
  #status: number | undefined;
  #headers: Headers = {};
  /** What the status alone says of the channel. */
  #rest: Rest = { kind: 'growing' };
  #wordsTimer: NodeJS.Timeout | undefined;
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
    else this.#end({ kind: 'cut', wasSent, hasBegun: this.#phase === 'answer' });
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
    this.#headers = headers;
    const verdict = judgeAnswer({ status, headers }, this.#options.nowMs());
    if (verdict.kind === 'failed') this.#rest = verdict.rest;
    const encoding = textOf(headers['content-encoding']) ?? 'identity';
    this.#contentType = textOf(headers['content-type']) ?? 'application/json';
    if (verdict.kind === 'failed' && !isWorthReading(status)) {
      this.#end({ kind: 'failed', rest: verdict.rest, status });
    } else if (encoding !== 'identity') {
      this.#fail(new Error(`The upstream compressed its answer unasked: ${encoding}.`));
    } else if (verdict.kind !== 'answer') this.#awaitWords();
    else if (!this.#contentType.startsWith('text/event-stream')) this.#phase = 'answer';
    else this.#startStream();
  }

  onResponseData(controller: Controller, chunk: Buffer): void {
    if (this.#drainedBytes !== undefined) {
      this.#drainedBytes += chunk.length;
      if (this.#drainedBytes > this.#options.limits.drainBytesMax) this.cut();
    }
    const relay = this.#relay;
    try {
      if (relay && this.#phase === 'stream') {
        this.#takeState(relay, relay.take(chunk), controller);
      } else this.#keep(chunk);
    } catch (error) {
      this.#break(error);
    }
  }

  onResponseEnd(): void {
    try {
      this.#takeEnd();
    } catch (error) {
      this.#break(error);
    }
  }

  onResponseError(_controller: Controller | undefined, error: Error): void {
    if (this.#relay) this.#endStream(this.#relay, false, error);
    else this.#fail(error);
  }

  #takeEnd(): void {
    const relay = this.#relay;
    if (this.#phase === 'stream' && relay) {
      this.#takeState(relay, relay.takeRest(), undefined);
      // Without an end mark, a usage report or a reason to stop tells a whole answer from a broken one.
      if (!this.#isOver()) this.#endStream(relay, relay.isWhole());
      return;
    }
    const body = Buffer.concat(this.#kept);
    if (this.#phase === 'answer') this.#endAnswer(body);
    else if (this.#phase === 'refusal' && this.#status !== undefined) {
      this.#endRefusal(this.#status, body);
    }
  }

  /** The body of a refusal tells what of the channel is refused: its key, one model, or nothing. */
  #awaitWords(): void {
    this.#phase = 'refusal';
    const late = () => this.#fail(new Error('The upstream did not end its refusal.'));
    this.#wordsTimer = setTimeout(late, wordsWaitMs).unref();
  }

  #endRefusal(status: number, body: Buffer): void {
    const { model, nowMs } = this.#options;
    const verdict = judgeAnswer({ status, headers: this.#headers, body, model }, nowMs());
    if (verdict.kind === 'failed') this.#end({ kind: 'failed', rest: verdict.rest, status });
    else this.#end({ kind: 'callers_fault', status, contentType: this.#contentType, body });
  }

  #endAnswer(body: Buffer): void {
    const { surface, conversion } = this.#options;
    const contentType = conversion ? 'application/json' : this.#contentType;
    const { usage, isFailure } = surface.readAnswer(body);
    if (isFailure) this.#fail(new Error('The upstream answered 200 with an error.'));
    else {
      const converted = conversion ? conversion.by.convertAnswer(body, conversion.call) : body;
      this.#end({ kind: 'answer', contentType, body, converted, usage });
    }
  }

  #keep(chunk: Buffer): void {
    const isAnswer = this.#phase === 'answer';
    if (this.#phase !== 'over') this.#kept.push(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes <= (isAnswer ? this.#options.limits.answerBytesMax : uselessBytesMax)) return;
    this.#fail(new Error('The answer of the upstream is too large.'));
  }

  #startStream(): void {
    const { response, headers, surface, wantsUsage, conversion, onFirstOutput } = this.#options;
    this.#phase = 'stream';
    this.#relay = new StreamRelay({
      response,
      headers: { ...headers, 'content-type': this.#contentType, 'cache-control': 'no-cache' },
      surface,
      wantsUsage,
      converter: conversion?.by.openStream(conversion.call),
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

  /** What the upstream sent could not be understood. */
  #break(error: unknown): void {
    const reason = error instanceof Error ? error : new Error(String(error));
    if (this.#relay) this.#endStream(this.#relay, false, reason);
    else this.#fail(reason);
    this.#abort();
  }

  #fail(error: Error): void {
    this.#end({ kind: 'failed', rest: this.#rest, status: this.#status, error });
    this.#abort();
  }

  #end(end: ExchangeEnd): void {
    if (this.#phase === 'over') return;
    this.#phase = 'over';
    clearTimeout(this.#wordsTimer);
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
