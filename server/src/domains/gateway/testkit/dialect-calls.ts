/** One and the same call in every dialect, to an upstream of every dialect: the sandbox's model behaves as it is told. */
import { connect, type Socket } from 'node:net';
import type { Dialect } from '../core/dialect.ts';
import type { GatewayFixture } from './gateway-fixture.ts';

export interface DialectCall {
  /** From the caller's dialect to the upstream's. */
  name: string;
  upstream: Dialect;
  path(model: string, isStream: boolean): string;
  body(call: { model: string; text: string; isStream: boolean }): object;
}

const openai = {
  path: () => '/v1/chat/completions',
  body: ({ model, text, isStream }) => ({
    ...{ model, stream: isStream, messages: [{ role: 'user', content: text }] },
    max_tokens: 100,
  }),
} satisfies Partial<DialectCall>;

const responses = {
  path: () => '/v1/responses',
  body: ({ model, text, isStream }) => ({
    ...{ model, stream: isStream, input: text, max_output_tokens: 100 },
  }),
} satisfies Partial<DialectCall>;

const anthropic = {
  path: () => '/v1/messages',
  body: ({ model, text, isStream }) => ({
    ...{ model, stream: isStream, messages: [{ role: 'user', content: text }] },
    max_tokens: 100,
  }),
} satisfies Partial<DialectCall>;

const gemini = {
  path: (model, isStream) =>
    `/v1beta/models/${model}:${isStream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
  body: ({ text }) => ({
    contents: [{ role: 'user', parts: [{ text }] }],
    generationConfig: { maxOutputTokens: 100 },
  }),
} satisfies Partial<DialectCall>;

export const dialectCalls: readonly DialectCall[] = [
  { name: 'a chat completion', upstream: 'openai', ...openai },
  { name: 'a response', upstream: 'openai', ...responses },
  { name: 'a message', upstream: 'anthropic', ...anthropic },
  { name: 'generated content', upstream: 'gemini', ...gemini },
  { name: 'a chat completion at Anthropic', upstream: 'anthropic', ...openai },
  { name: 'a chat completion at Google', upstream: 'gemini', ...openai },
  { name: 'a message at OpenAI', upstream: 'openai', ...anthropic },
  { name: 'a message at Google', upstream: 'gemini', ...anthropic },
  { name: 'generated content at OpenAI', upstream: 'openai', ...gemini },
  { name: 'generated content at Anthropic', upstream: 'anthropic', ...gemini },
];

export const modelOf: Record<Dialect, string> = {
  openai: 'of-openai',
  anthropic: 'of-anthropic',
  gemini: 'of-gemini',
};

/** A channel of each dialect, each with a model of its own. */
export async function openDialects(gateway: GatewayFixture, price: object = {}): Promise<void> {
  for (const [dialect, model] of Object.entries(modelOf) as [Dialect, string][]) {
    await gateway.price({ model, ...price });
    const path = dialect === 'openai' ? '/v1' : `/${dialect}`;
    const baseUrl = `${gateway.sandbox.origin}/sandbox/upstream${path}`;
    await gateway.channel({ name: dialect, dialect, baseUrl, label: dialect, models: [model] });
  }
}

export interface Told {
  scenario: string;
  isStream?: boolean;
}

/** What is sent for a call that makes the sandbox's model behave as told. */
export function asked(call: DialectCall, { scenario, isStream = false }: Told) {
  const model = modelOf[call.upstream];
  const text = `Tell me a story. [[sandbox: ${scenario}]]`;
  return {
    path: call.path(model, isStream),
    json: JSON.stringify(call.body({ model, text, isStream })),
  };
}

export function post(gateway: GatewayFixture, secret: string, call: DialectCall, told: Told) {
  const { path, json } = asked(call, told);
  return fetch(gateway.url + path, { method: 'POST', headers: headersOf(secret), body: json });
}

function headersOf(secret: string): Record<string, string> {
  return {
    authorization: `Bearer ${secret}`,
    'content-type': 'application/json',
    'anthropic-version': '2023-06-01',
  };
}

/** The same over a connection that can be cut. */
export function dial(
  gateway: GatewayFixture,
  secret: string,
  call: DialectCall,
  told: Told,
): Socket {
  const { path, json } = asked(call, told);
  const { hostname, port } = new URL(gateway.url);
  const socket = connect(Number(port), hostname);
  const headers = {
    ...headersOf(secret),
    host: hostname,
    'content-length': Buffer.byteLength(json),
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  socket.write([`POST ${path} HTTP/1.1`, ...lines, '', json].join('\r\n'));
  return socket;
}
