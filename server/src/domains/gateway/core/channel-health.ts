/** How a channel is doing: what each process sees of it, and the one picture that operators get of them all. */
import type { FailureReason } from '@sluice/contract/gateway';
import { type Figures, percentile, sumFigures } from './recent-calls.ts';

/** What a process tells of a channel; instants in ms of wall time. */
export interface ProcessHealth {
  state: 'healthy' | 'resting' | 'probing' | 'refused';
  untilMs: number | null;
  inFlight: number;
  failures: number;
  lastSuccessMs: number | null;
  lastFailure: LastFailure | null;
  last5: Figures;
  last60: Figures;
  models: RestingPart[];
  /** Keys that are not ready, by id. */
  keys: RestingPart[];
}

export interface LastFailure {
  atMs: number;
  reason: FailureReason;
  status: number | null;
  model: string;
}

/** A key or a model that is left alone. */
export interface RestingPart {
  name: string;
  untilMs: number;
  reason: FailureReason;
}

export interface Health {
  state: 'idle' | ProcessHealth['state'];
  untilMs: number | null;
  inFlight: number;
  failures: number;
  lastSuccessMs: number | null;
  lastFailure: LastFailure | null;
  last5: Recent;
  last60: Recent;
  models: RestingPart[];
  keys: RestingPart[];
}

interface Recent {
  calls: number;
  failed: number;
  p50Ms: number | null;
  p95Ms: number | null;
}

const refusals: ReadonlySet<FailureReason> = new Set(['key_refused', 'no_credit', 'not_permitted']);

/** Whether the upstream refused the account: an operator has to do something. */
export function isRefusal(reason: FailureReason): boolean {
  return refusals.has(reason);
}

const fromBad = ['refused', 'resting', 'probing', 'healthy'] as const;

/** The worst state of all processes, the sums of their figures, the latest of what happened; `past` is told by those that are gone. */
export function joinHealth(
  processes: readonly ProcessHealth[],
  past: readonly ProcessHealth[] = [],
): Health {
  const ever = [...processes, ...past];
  const state = fromBad.find((bad) => processes.some((one) => one.state === bad)) ?? 'idle';
  const alike = processes.filter((one) => one.state === state);
  return {
    state,
    untilMs: latest(alike.map(({ untilMs }) => untilMs)),
    inFlight: processes.reduce((sum, { inFlight }) => sum + inFlight, 0),
    failures: Math.max(0, ...processes.map(({ failures }) => failures)),
    lastSuccessMs: latest(ever.map(({ lastSuccessMs }) => lastSuccessMs)),
    lastFailure: ever
      .map(({ lastFailure }) => lastFailure)
      .reduce((last, one) => (one && (!last || one.atMs > last.atMs) ? one : last), null),
    last5: recentOf(processes.map(({ last5 }) => last5)),
    last60: recentOf(processes.map(({ last60 }) => last60)),
    models: joinParts(processes.map(({ models }) => models)),
    keys: joinParts(processes.map(({ keys }) => keys)),
  };
}

function recentOf(figures: readonly Figures[]): Recent {
  const { calls, failed, latencies } = sumFigures(figures);
  return {
    calls,
    failed,
    p50Ms: percentile(latencies, 0.5),
    p95Ms: percentile(latencies, 0.95),
  };
}

function joinParts(lists: readonly (readonly RestingPart[])[]): RestingPart[] {
  const byName = new Map<string, RestingPart>();
  for (const part of lists.flat()) {
    const known = byName.get(part.name);
    if (!known || part.untilMs > known.untilMs) byName.set(part.name, part);
  }
  return [...byName.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
}

function latest(instants: readonly (number | null)[]): number | null {
  return instants.reduce((last, one) => (one !== null && one > (last ?? 0) ? one : last), null);
}
