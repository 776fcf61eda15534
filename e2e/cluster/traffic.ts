/** What goes on while servers are replaced: plain calls, streams by the official SDK, and money coming in. */
import OpenAI from 'openai';
import type { Client } from '../client.ts';

export interface Made {
  kind: 'call' | 'stream' | 'top-up';
  requestId: string;
  /** Why it is a failure; undefined for one that was answered in full. */
  failure: string | undefined;
}

export interface Traffic {
  /** What was made since the last time this was asked, waiting until there is as much as that. */
  more(count: number): Promise<readonly Made[]>;
  /** Lets everybody finish what they have begun; answers all that was made. */
  stop(): Promise<readonly Made[]>;
}

export interface TrafficOptions {
  /** Of what is in front of the servers. */
  url: string;
  key: string;
  model: string;
  operator: Client;
  organization: string;
  /** Entered again and again. */
  topUp: string;
}

const callers = 8;
const streams = 4;
/** Enough to meet every moment of a change, and little enough to leave a machine its time for it. */
const callEveryMs = 25;
const topUpEveryMs = 250;
/** Each lasts for two seconds, so that some are under way at any moment. */
const slowly = '[[sandbox: tokens=40, chunk_delay=50ms]] Take your time.';

export function startTraffic(options: TrafficOptions): Traffic {
  const made: Made[] = [];
  let told = 0;
  let isStopped = false;
  // No second try: each failure counts.
  const openai = new OpenAI({
    ...{ apiKey: options.key, baseURL: `${options.url}/v1`, maxRetries: 0 },
  });
  const again = async (kind: Made['kind'], make: () => Promise<string>) => {
    while (!isStopped) {
      try {
        made.push({ kind, requestId: await make(), failure: undefined });
      } catch (error) {
        made.push({ kind, requestId: '', failure: describeFailure(error) });
        await pause(100);
      }
    }
  };
  const running = [
    ...Array.from({ length: callers }, () => again('call', () => callOnce(options))),
    ...Array.from({ length: streams }, () => again('stream', () => streamOnce(openai, options))),
    again('top-up', () => topUpOnce(options)),
  ];
  return {
    async more(count) {
      while (made.length < told + count) await pause(50);
      const since = made.slice(told);
      told = made.length;
      return since;
    },
    async stop() {
      isStopped = true;
      await Promise.all(running);
      return made;
    },
  };
}

async function callOnce({ url, key, model }: TrafficOptions): Promise<string> {
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      ...{ model, max_completion_tokens: 100 },
      messages: [{ role: 'user', content: 'Hello' }],
    }),
  });
  const body = await response.text();
  if (response.status !== 200) throw new Error(`${response.status} ${body}`);
  JSON.parse(body);
  await pause(callEveryMs);
  return response.headers.get('x-request-id') ?? '';
}

async function streamOnce(openai: OpenAI, { model }: TrafficOptions): Promise<string> {
  const { data, response } = await openai.chat.completions
    .create({
      ...{ model, stream: true, max_completion_tokens: 100 },
      messages: [{ role: 'user', content: slowly }],
    })
    .withResponse();
  let reason: string | null = null;
  for await (const chunk of data) reason = chunk.choices[0]?.finish_reason ?? reason;
  if (reason === null) throw new Error('the stream ended before its end');
  return response.headers.get('x-request-id') ?? '';
}

async function topUpOnce({ operator, organization, topUp }: TrafficOptions): Promise<string> {
  const payment = { organization, amount: topUp, currency: 'USD', note: 'Bank transfer' };
  const { status, body } = await operator.post('/api/v1/admin/payments/manual', payment);
  if (status >= 300) throw new Error(`${status} ${JSON.stringify(body)}`);
  await pause(topUpEveryMs);
  return '';
}

/** What `fetch` hides in the cause of its error is what is wanted. */
function describeFailure(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? `${message}: ${cause.message}` : message;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
