/** One chat completion, read as it is written: the same request that any program of the customer's would send. */

export interface Asked {
  secret: string;
  model: string;
  messages: readonly Message[];
  temperature?: number | undefined;
  maxTokens?: number | undefined;
  signal: AbortSignal;
}

export interface Message {
  role: 'system' | 'user' | 'assistant';
  content: string;
}

/** A no of the gateway, before the answer or in the middle of it. */
export class CallError extends Error {
  readonly code: string;

  constructor({ code, message }: { code: string; message: string }) {
    super(message);
    this.code = code;
  }
}

export interface Answer {
  /** The receipt's. */
  requestId: string | null;
  /** What the model writes, piece by piece. */
  text: AsyncGenerator<string>;
}

/**
 * Sends the call; its answer is read by whoever iterates over it.
 * @throws CallError where the call is refused.
 */
export async function startChat(asked: Asked): Promise<Answer> {
  const response = await send(asked);
  const requestId = response.headers.get('x-request-id');
  if (!response.ok || response.body === null) {
    throw refusalOf(await response.json().catch(() => undefined));
  }
  return { requestId, text: readText(response.body) };
}

async function send({ secret, model, messages, temperature, maxTokens, signal }: Asked) {
  try {
    return await fetch('/v1/chat/completions', {
      method: 'POST',
      // The key alone says who calls.
      credentials: 'omit',
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        ...{ model, messages, stream: true },
        ...(temperature !== undefined && { temperature }),
        ...(maxTokens !== undefined && { max_completion_tokens: maxTokens }),
      }),
      signal,
    });
  } catch (cause) {
    if (signal.aborted) throw cause;
    throw new CallError({ code: 'unreachable', message: 'The server did not answer.' });
  }
}

async function* readText(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.pipeThrough(new TextDecoderStream() as TextDecoding).getReader();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      const lines = (rest + (value ?? '')).split('\n');
      rest = done ? '' : (lines.pop() ?? '');
      for (const line of lines) {
        const text = textOf(line);
        if (text !== '') yield text;
      }
      if (done) return;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** The library's types differ in the kind of buffer that they take. */
type TextDecoding = ReadableWritablePair<string, Uint8Array>;

interface Chunk {
  choices?: { delta?: { content?: string | null } }[];
  error?: { code?: string | null; message?: string };
}

/** What one line of the stream adds. */
export function textOf(line: string): string {
  if (!line.startsWith('data:')) return '';
  const data = line.slice('data:'.length).trim();
  if (data === '' || data === '[DONE]') return '';
  const chunk = JSON.parse(data) as Chunk;
  if (chunk.error) throw refusalOf(chunk);
  return chunk.choices?.[0]?.delta?.content ?? '';
}

function refusalOf(body: Chunk | undefined): CallError {
  const { code, message } = body?.error ?? {};
  return new CallError({ code: code ?? 'unknown', message: message ?? 'The call failed.' });
}
