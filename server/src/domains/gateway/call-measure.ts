/** What is learned of a call while it runs, and told once it has ended: to the service's record, to metrics, a trace, the log. */
import type { ServerResponse } from 'node:http';
import type { Span } from '../../platform/tracing.ts';
import type { Outcome } from '../metering/index.ts';
import type { Ending } from './core/call-ending.ts';
import type { CallRefusal } from './core/call-refusal.ts';
import type { Surface } from './core/dialect.ts';
import type { Gateway } from './gateway.ts';

interface Started {
  requestId: string;
  surface: Surface;
  arrivedMs: number;
  response: ServerResponse;
  traceparent: string | undefined;
}

export class CallMeasure {
  readonly #gateway: Gateway;
  readonly #call: Started;
  readonly #span: Span | undefined;
  #model = '';
  #outcome: Outcome | 'refused' | 'unserved' | 'callers_fault' | 'left' = 'left';
  #reason: string | undefined;
  #isShort = false;
  #firstTokenMs: number | null = null;

  constructor(gateway: Gateway, call: Started) {
    this.#gateway = gateway;
    this.#call = call;
    this.#span = gateway.platform.tracing?.start(`call ${call.surface.name}`, call.traceparent);
  }

  /** The model is known, and has a price. */
  readonly onModel = (model: string): void => {
    this.#model = model;
  };

  refused(refusal: CallRefusal, outcome: 'refused' | 'unserved' = 'refused'): void {
    this.#outcome = outcome;
    this.#reason = refusal.code;
  }

  /** An upstream said that it is the caller's mistake. */
  callersFault(): void {
    this.#outcome = 'callers_fault';
  }

  settled(outcome: Outcome, shortfall = 0n): void {
    this.#outcome = outcome;
    this.#isShort = shortfall > 0n;
  }

  /** What the end says of the service: nothing where it was the caller's own doing. */
  note(ending: Ending | undefined, firstTokenMs: number | null): void {
    this.#firstTokenMs = firstTokenMs;
    // Counting tokens is free, and no call of a model.
    if (ending === undefined || !this.#call.surface.isBilled) return;
    const wholeMs = performance.now() - this.#call.arrivedMs;
    this.#gateway.service.note({ model: this.#model, ending, firstTokenMs, wholeMs });
  }

  /** A part of the call, as a span of its own where calls are traced. */
  async within<T>(
    name: string,
    work: (span: Span | undefined) => Promise<T>,
    kind: 'internal' | 'client' = 'internal',
  ): Promise<T> {
    if (this.#span === undefined) return work(undefined);
    const span = this.#span.child(name, kind);
    try {
      return await work(span);
    } catch (error) {
      span.fail(error instanceof Error ? error.name : 'error');
      throw error;
    } finally {
      span.end();
    }
  }

  /** The call has ended, whatever became of it. */
  end(): void {
    const { requestId, surface, arrivedMs, response } = this.#call;
    const wholeMs = performance.now() - arrivedMs;
    const told = {
      model: this.#model,
      outcome: this.#outcome,
      status: response.headersSent ? String(response.statusCode) : 'none',
      reason: this.#reason,
      isShort: this.#isShort,
      firstTokenMs: this.#firstTokenMs,
    };
    this.#gateway.metrics?.ended({ ...told, wholeMs });
    this.#gateway.platform.log.debug(
      { requestId, surface: surface.name, ...told, latencyMs: Math.round(wholeMs) },
      'a call ended',
    );
    this.#endSpan(told);
  }

  #endSpan({
    model,
    outcome,
    status,
    reason,
  }: Record<'model' | 'outcome' | 'status', string> & { reason: string | undefined }): void {
    if (this.#span === undefined) return;
    const { requestId, surface } = this.#call;
    this.#span.set({
      'sluice.request_id': requestId,
      'sluice.outcome': outcome,
      'sluice.refusal': reason,
      'gen_ai.request.model': model,
      'sluice.dialect': surface.dialect,
      'http.response.status_code': Number(status) || undefined,
    });
    if (outcome === 'unserved' || outcome === 'upstream_error' || Number(status) >= 500) {
      this.#span.fail(reason ?? outcome);
    }
    this.#span.end();
  }
}
