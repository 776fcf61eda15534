/** A merchant of the sandbox's Stripe: the official SDK, and an ear for events. Only tests use it. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Stripe from 'stripe';
import { startSandbox } from '../sandbox.ts';

export interface HeardEvent {
  header: string | undefined;
  body: string;
  event: Stripe.Event;
}

export type Merchant = Awaited<ReturnType<typeof openMerchant>>;

const base = '/sandbox/stripe';

export async function openMerchant(dataDir?: string) {
  const ear = await openEar();
  const sandbox = await startSandbox({ port: 0, smtpPort: 0, dataDir, publicUrl: ear.url });
  const origin = `http://127.0.0.1:${sandbox.port}`;
  const { secret_key: key, webhook_secret: secret } = sandbox.stripe;
  const sdkWith = (apiKey: string) =>
    new Stripe(apiKey, {
      // The SDK knows hosts, not paths: everything it asks for lies below one here.
      httpClient: Stripe.createFetchHttpClient((url, init) =>
        fetch(String(url).replace('https://api.stripe.com', origin + base), init),
      ),
      maxNetworkRetries: 0,
      telemetry: false,
    });
  const post = async (path: string, body: object = {}) => {
    const answer = await fetch(origin + base + path, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  return {
    ...{ sandbox, ear, origin, secret, sdk: sdkWith(key), sdkWith, post },
    steer: (number: string, steering: object) => post(`/orders/${number}`, steering),
    order: async (number: string) => {
      const answer = await fetch(`${origin}${base}/orders/${number}`);
      return (await answer.json()) as Record<string, unknown>;
    },
    moveClock: (hours: number) =>
      fetch(`${origin}/sandbox/clock`, {
        method: 'POST',
        body: JSON.stringify({ to: new Date(Date.now() + hours * 3_600_000).toISOString() }),
      }),
    async close() {
      await sandbox.close();
      await ear.close();
    },
  };
}

async function openEar() {
  const heard: HeardEvent[] = [];
  const state = { status: 200 };
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    const header = request.headers['stripe-signature'];
    const event = JSON.parse(body) as Stripe.Event;
    heard.push({ header: header === undefined ? undefined : String(header), body, event });
    response.writeHead(state.status).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard,
    types: () => heard.map(({ event }) => event.type),
    answerWith: (status: number) => {
      state.status = status;
    },
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
