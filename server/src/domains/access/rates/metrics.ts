import { Counter, Gauge, type Registry } from 'prom-client';
import type { Rates } from './rates.ts';

/** Those of this process. Nothing where no Redis was set. */
export function registerRateMetrics(registry: Registry, rates: Rates): void {
  if (rates.isRedisUp() === undefined) return;
  const registers = [registry];
  const up = new Gauge({
    name: 'sluice_redis_up',
    help: 'Whether Redis answers this process: 1, or 0 while the process keeps its share of the rates.',
    registers,
    collect() {
      up.set(rates.isRedisUp() ? 1 : 0);
    },
  });
  const processes = new Gauge({
    name: 'sluice_rate_processes',
    help: 'Processes that share the rates, as this one has heard: its share while Redis is gone is one of so many.',
    registers,
    collect() {
      processes.set(rates.processes());
    },
  });
  const fallbacks = new Counter({
    name: 'sluice_rate_fallbacks_total',
    help: 'Decisions on rates that this process made alone because Redis did not answer.',
    registers,
    collect() {
      fallbacks.reset();
      fallbacks.inc(rates.fallbacks());
    },
  });
}
