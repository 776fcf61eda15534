/** Calls through the gateway, and models whose cost is known beforehand. */
import { type Client, done, type Json } from './client.ts';

export interface Called {
  status: number;
  /** The call's id, by which its receipt is found. */
  requestId: string;
  /** The whole answer; undefined when it did not arrive in full. */
  body: Json | undefined;
}

interface Call {
  key: string;
  model: string;
  prompt?: string;
}

/** One call that is not a stream. A broken connection is a call without a complete answer. */
export async function call(
  server: { url: string },
  { key, model, prompt = 'Hello' }: Call,
): Promise<Called> {
  let requestId = '';
  let status = 0;
  try {
    const response = await post(server, { key, model, prompt, isStream: false });
    status = response.status;
    requestId = response.headers.get('x-request-id') ?? '';
    return { status, requestId, body: await response.json() };
  } catch {
    return { status, requestId, body: undefined };
  }
}

/** Begins a stream and answers once its first bytes are here. */
export async function beginStream(
  server: { url: string },
  { key, model, prompt = 'Hello' }: Call,
): Promise<{ requestId: string; rest(): Promise<string> }> {
  const response = await post(server, { key, model, prompt, isStream: true });
  const requestId = response.headers.get('x-request-id') ?? '';
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  const first = await reader.read();
  let text = decoder.decode(first.value, { stream: true });
  return {
    requestId,
    async rest() {
      for (;;) {
        const { done: isDone, value } = await reader.read();
        if (isDone) return text;
        text += decoder.decode(value, { stream: true });
      }
    },
  };
}

function post(
  server: { url: string },
  { key, model, prompt, isStream }: Required<Call> & { isStream: boolean },
): Promise<Response> {
  return fetch(`${server.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      model,
      stream: isStream,
      max_completion_tokens: 100,
      messages: [{ role: 'user', content: prompt }],
    }),
  });
}

/** Offers a model that costs the same for every call, so that what is held is what will be due. */
export async function offerModelPerCall(
  operator: Client,
  { model, price }: { model: string; price: string },
): Promise<void> {
  const prices = { input: '0', output: '0', request: price };
  await done(operator.post('/api/v1/admin/models', { model, prices }));
  const { data } = await done(operator.get('/api/v1/admin/channels'));
  const [channel] = data;
  const models = [...channel.models, model];
  await done(operator.patch(`/api/v1/admin/channels/${channel.id}`, { models }));
}
