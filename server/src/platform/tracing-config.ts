/** Settings of tracing, by the names that OpenTelemetry gave them. */
import { z } from 'zod';

export const tracingSchema = {
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url({ protocol: /^https?$/, error: 'must be an address such as http://localhost:4318' })
    .optional(),
  OTEL_EXPORTER_OTLP_HEADERS: z
    .string()
    .regex(/^[^=,\s]+=[^,]*(,[^=,\s]+=[^,]*)*$/, 'must be like name=value,name=value')
    .optional(),
  OTEL_SERVICE_NAME: z.string().min(1).max(100).default('sluice'),
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).default(1),
  SLUICE_TRACE_UPSTREAMS: z.enum(['true', 'false']).default('false'),
};

export interface TracingConfig {
  /** Where spans go. */
  url: string;
  headers: Record<string, string>;
  serviceName: string;
  /** The share of calls that are traced, of those whose caller has not decided. */
  ratio: number;
  /** Whether upstreams are told of the trace: it leaves the deployment. */
  tellsUpstreams: boolean;
}

type Values = z.output<z.ZodObject<typeof tracingSchema>>;

/** Undefined where nothing is traced. */
export function readTracing(values: Values): TracingConfig | undefined {
  const endpoint = values.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (endpoint === undefined) return undefined;
  const pairs = (values.OTEL_EXPORTER_OTLP_HEADERS ?? '').split(',').filter(Boolean);
  return {
    url: `${endpoint.replace(/\/+$/, '')}/v1/traces`,
    headers: Object.fromEntries(pairs.map((pair) => splitOnce(pair))),
    serviceName: values.OTEL_SERVICE_NAME,
    ratio: values.OTEL_TRACES_SAMPLER_ARG,
    tellsUpstreams: values.SLUICE_TRACE_UPSTREAMS === 'true',
  };
}

function splitOnce(pair: string): [string, string] {
  const at = pair.indexOf('=');
  return [pair.slice(0, at).trim(), decodeURIComponent(pair.slice(at + 1).trim())];
}
