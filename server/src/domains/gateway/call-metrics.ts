/** What a scrape learns of the calls of this process. */
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** Models that are told apart; what exceeds them is told as one. */
const modelsMax = 100;

export interface EndedCallFigures {
  /** Empty where it was not known yet. */
  model: string;
  outcome: string;
  /** `none` where nobody was there to answer. */
  status: string;
  /** Why it was refused. */
  reason: string | undefined;
  isShort: boolean;
  wholeMs: number;
  firstTokenMs: number | null;
}

export interface CallMetrics {
  ended(call: EndedCallFigures): void;
}

export function registerCallMetrics(registry: Registry, inFlight: () => number): CallMetrics {
  const registers = [registry];
  const calls = new Counter({
    name: 'sluice_calls_total',
    help: 'Calls that ended, by model, outcome and the status that they were answered with.',
    labelNames: ['model', 'outcome', 'status'],
    registers,
  });
  const refusals = new Counter({
    name: 'sluice_call_refusals_total',
    help: 'Calls that were refused, by reason.',
    labelNames: ['reason'],
    registers,
  });
  const shortfalls = new Counter({
    name: 'sluice_call_shortfalls_total',
    help: 'Calls of which something could not be paid when they were settled.',
    registers,
  });
  const seconds = new Histogram({
    name: 'sluice_call_seconds',
    help: 'Time from a call to the end of its answer, of those that an upstream served.',
    labelNames: ['model'],
    buckets: [0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 180, 600],
    registers,
  });
  const firstToken = new Histogram({
    name: 'sluice_call_first_token_seconds',
    help: 'Time from a call to the first output of its stream.',
    labelNames: ['model'],
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30],
    registers,
  });
  new Gauge({
    name: 'sluice_calls_in_flight',
    help: 'Calls that this process has in flight.',
    registers,
    collect() {
      this.set(inFlight());
    },
  });
  const known = new Set<string>();
  const labelOf = (model: string) => {
    if (model === '') return 'none';
    if (known.has(model)) return model;
    if (known.size >= modelsMax) return 'other';
    known.add(model);
    return model;
  };
  return {
    ended({ model: name, outcome, status, reason, isShort, wholeMs, firstTokenMs }) {
      const model = labelOf(name);
      calls.inc({ model, outcome, status });
      if (reason !== undefined) refusals.inc({ reason });
      if (isShort) shortfalls.inc();
      if (outcome === 'completed') seconds.observe({ model }, wholeMs / 1000);
      if (firstTokenMs !== null) firstToken.observe({ model }, firstTokenMs / 1000);
    },
  };
}
