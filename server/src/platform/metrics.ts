/** Prometheus metrics of the process; each domain registers its own on the same registry. */
import type { FastifyInstance } from 'fastify';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

const failuresName = 'sluice_scrape_failures_total';

export function createMetrics(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  new Counter({
    name: failuresName,
    help: 'Figures of the database that a scrape had to do without, by metric.',
    labelNames: ['metric'],
    registers: [registry],
  });
  return registry;
}

/** Serves `/metrics` and measures every API request by route, method and status. */
export function registerMetrics(app: FastifyInstance, registry: Registry): void {
  const seconds = new Histogram({
    name: 'sluice_http_request_seconds',
    help: 'Time from the request to the end of its answer.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [registry],
  });
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url;
    if (route === undefined || !route.startsWith('/api/')) return;
    seconds.observe(
      { method: request.method, route, status: reply.statusCode },
      reply.elapsedTime / 1000,
    );
  });
  app.get('/metrics', async (_request, reply) => {
    reply.type(registry.contentType);
    return registry.metrics();
  });
}

export interface Figure {
  value: number;
  labels?: Record<string, string>;
}

interface GaugeDefinition {
  name: string;
  help: string;
  labelNames?: readonly string[];
}

/** A scrape does not wait longer for the database: what else is told matters most while it does not answer. */
const patienceMs = 3000;

/**
 * A gauge whose figures are the database's: every process answers alike. While they cannot be read the gauge is left out,
 * and that is counted.
 */
export function registerDatabaseGauge(
  registry: Registry,
  { name, help, labelNames = [] }: GaugeDefinition,
  read: () => Promise<Figure[]>,
): void {
  const gauge = new Gauge({
    ...{ name, help, labelNames, registers: [registry] },
    async collect() {
      const figures = await withinPatience(read).catch(() => {
        countFailure(registry, name);
        return [];
      });
      gauge.reset();
      // One without labels begins at zero, which would be a figure, too.
      if (figures.length === 0 && labelNames.length === 0) gauge.remove();
      for (const { labels = {}, value } of figures) gauge.set(labels, value);
    },
  });
}

/** One question for several gauges: those of a scrape share its answer. */
export function shareReading<T>(read: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | undefined;
  return () => {
    asked ??= read().finally(() => {
      asked = undefined;
    });
    return asked;
  };
}

function countFailure(registry: Registry, metric: string): void {
  const failures = registry.getSingleMetric(failuresName);
  if (failures instanceof Counter) failures.inc({ metric });
}

async function withinPatience<T>(read: () => Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error('The database is slow.')), patienceMs);
  try {
    return await Promise.race([read(), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Since an instant, in seconds; nothing waiting is no time. */
export function secondsSince(now: Date, since: Date | null): number {
  return since === null ? 0 : Math.max(0, (now.getTime() - since.getTime()) / 1000);
}
