/** One admitted call while it runs: its deadlines, its hold, its caller's presence. */
import type { ServerResponse } from 'node:http';
import type { CallMeasure } from './call-measure.ts';
import type { InFlight } from './calls.ts';
import type { DialectSpeech } from './core/dialect.ts';
import { speechOf } from './core/surfaces.ts';
import type { Gateway } from './gateway.ts';
import type { Admission } from './operations/admit-call.ts';
import type { UpstreamExchange } from './upstream-exchange.ts';

export class RunningCall implements InFlight {
  readonly admission: Admission;
  readonly body: Buffer;
  readonly response: ServerResponse;
  readonly arrivedMs: number;
  readonly measure: CallMeasure;
  /** How its caller is spoken to. */
  readonly spoken: { requestId: string; speech: DialectSpeech };
  firstTokenMs: number | null = null;
  /** Input and output, once they are known. */
  usedTokens = 0;
  isCallerGone = false;
  /** A deadline passed, or the process stops: no further attempt is made. */
  isCut = false;
  readonly #gateway: Gateway;
  #exchange: UpstreamExchange | undefined;
  #renewAtMs: number;
  readonly #totalDeadlineMs: number;
  #drainDeadlineMs = Number.POSITIVE_INFINITY;
  #hasDrain = false;

  constructor(
    gateway: Gateway,
    call: {
      admission: Admission;
      body: Buffer;
      response: ServerResponse;
      arrivedMs: number;
      measure: CallMeasure;
    },
  ) {
    this.#gateway = gateway;
    this.admission = call.admission;
    this.body = call.body;
    this.response = call.response;
    this.arrivedMs = call.arrivedMs;
    this.measure = call.measure;
    const { requestId, surface } = call.admission;
    this.spoken = { requestId, speech: speechOf(surface.dialect) };
    const nowMs = performance.now();
    this.#renewAtMs = nowMs + gateway.limits.holdMs / 3;
    this.#totalDeadlineMs = nowMs + gateway.limits.totalTimeoutMs;
    gateway.calls.add(this);
    call.response.once('close', this.#onClose);
    if (call.response.destroyed) this.#onClose();
  }

  get isOver(): boolean {
    return this.isCallerGone || this.isCut;
  }

  elapsedMs(): number {
    return Math.round(performance.now() - this.arrivedMs);
  }

  attach(exchange: UpstreamExchange): void {
    this.#exchange = exchange;
  }

  tick(nowMs: number): void {
    if (nowMs >= this.#renewAtMs) this.#renew(nowMs);
    if (nowMs >= this.#totalDeadlineMs || nowMs >= this.#drainDeadlineMs) this.cut();
  }

  cut(): void {
    this.isCut = true;
    this.#exchange?.cut();
  }

  /** The call is settled or released. */
  end(): void {
    this.#gateway.calls.remove(this);
    if (this.#hasDrain) this.#gateway.calls.giveDrain();
    this.response.off('close', this.#onClose);
  }

  readonly #onClose = (): void => {
    if (this.response.writableFinished) return;
    this.isCallerGone = true;
    this.#exchange?.callerLeft();
    this.#hasDrain = this.#gateway.calls.takeDrain();
    if (this.#hasDrain) this.#drainDeadlineMs = performance.now() + this.#gateway.limits.drainMs;
    else this.cut();
  };

  #renew(nowMs: number): void {
    const { access, limits, platform } = this.#gateway;
    const { requestId, key, hasLease, surface } = this.admission;
    if (hasLease) void this.#gateway.rates.renew({ ...key, requestId }, limits.holdMs);
    this.#renewAtMs = nowMs + limits.holdMs / 3;
    if (!surface.isBilled) return;
    const expiresAt = new Date(platform.clocks.wall().getTime() + limits.holdMs);
    access
      .renew({ requestId, organizationId: key.organizationId, expiresAt })
      .catch((error: unknown) => {
        platform.log.warn({ err: error, requestId }, 'a hold was not renewed; it is tried again');
      });
  }
}
