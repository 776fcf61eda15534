/** One HTTP endpoint, described once: the server serves it, clients call it, `openapi.json` documents it. */
import type { z } from 'zod';
import type { RefusalCode } from './refusals.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface Endpoint {
  /** The operation's name, the same in server, SDK and audit log: a verb and a noun, `purchasePackage`. */
  operation: string;
  method: Method;
  /** Path with `{name}` parameters. */
  path: string;
  /** One sentence: what a successful call does. */
  summary: string;
  params?: z.ZodType;
  query?: z.ZodType;
  body?: z.ZodType;
  /** Largest body, where it may be larger than others’. */
  bodyBytesMax?: number;
  /** Body of the successful answer; left out where the answer has none. */
  answer?: z.ZodType;
  /** Status of the successful answer; 200 when left out. */
  status?: 200 | 201 | 202 | 204;
  /** Refusals of this endpoint's own, beyond those that any endpoint may answer. */
  refusals?: readonly RefusalCode[];
  /** Honors `Idempotency-Key`: it creates something or moves money. */
  idempotent?: boolean;
  /** An example of the body, shown in the documentation and checked against the schema by a test. */
  example?: unknown;
}

type Input<T> = T extends z.ZodType ? z.input<T> : undefined;
type Output<T> = T extends z.ZodType ? z.output<T> : undefined;

export type ParamsOf<E extends Endpoint> = Output<E['params']>;
export type QueryOf<E extends Endpoint> = Output<E['query']>;
export type QueryInputOf<E extends Endpoint> = Input<E['query']>;
export type BodyOf<E extends Endpoint> = Output<E['body']>;
export type BodyInputOf<E extends Endpoint> = Input<E['body']>;
export type AnswerOf<E extends Endpoint> = Output<E['answer']>;

/** Declares an endpoint; the identity function keeps the exact types of its schemas. */
export function endpoint<const E extends Endpoint>(definition: E): E {
  return definition;
}
