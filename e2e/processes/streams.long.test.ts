/**
 * A thousand streams at once: nobody is starved, the event loop stays free, and what an upstream writes faster than a
 * caller reads waits at the upstream and not in the server's memory.
 */
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Client, type Customer, done, newCustomer, newKey, payIn, signIn } from '../client.ts';
import { type ServerProcess, startServer } from '../server.ts';

const streams = 1000;
/** Streams begin one after the other, and live longer than it takes all of them to begin. */
const beginEveryMs = 5;
/** Forty tokens a second, as a model writes. */
const writeEveryMs = 100;
const writes = 150;
const tokensPerWrite = 4;
/** Callers read a piece and rest. */
const readEveryMs = 300;
/** So many write far more than any buffer on the way holds, to callers who do not read at all for the time being. */
const stalled = 5;
const stalledBlocks = 4096;
const block = Buffer.from(`: ${'.'.repeat(16 * 1024)}\n\n`);

const rssMbMax = 600;
const delayMsMax = 50;
const firstByteMsMax = 10_000;
const silenceMsMax = 3000;

const event = (content: string) =>
  `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'long', choices: [{ index: 0, delta: { content }, finish_reason: null }] })}\n\n`;
const words = Buffer.from(Array.from({ length: tokensPerWrite }, () => event(' word')).join(''));
const usage = { prompt_tokens: 10, completion_tokens: tokensPerWrite * writes };
const tail = `data: ${JSON.stringify({ choices: [], usage })}\n\ndata: [DONE]\n\n`;

let upstream: Server;
let server: ServerProcess;
let operator: Client;
let key: string;
let customer: Customer;
/** Bytes that the upstream could write to the stalled. */
let stalledBytes = 0;

beforeAll(async () => {
  upstream = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    void (body.includes('Hurry') ? writeInHurry(response) : writeAtPace(response));
  });
  upstream.listen(0, '127.0.0.1');
  await once(upstream, 'listening');
  server = await startServer();
  operator = await signIn(server, server.operator);
  customer = await newCustomer(server);
  await payIn(operator, customer.organization, '1000');
  key = await newKey(customer.client);
  const prices = { input: '1', output: '1' };
  await done(operator.post('/api/v1/admin/models', { model: 'long', prices }));
  await done(
    operator.post('/api/v1/admin/channels', {
      ...{ name: 'A thousand', dialect: 'openai', api_key: 'sk-none', models: ['long'] },
      base_url: `http://127.0.0.1:${(upstream.address() as AddressInfo).port}/v1`,
    }),
  );
});
afterAll(async () => {
  await server?.dispose();
  upstream?.closeAllConnections();
  upstream?.close();
});

async function writeAtPace(response: ServerResponse): Promise<void> {
  for (let written = 0; written < writes; written += 1) {
    response.write(words);
    await sleep(writeEveryMs);
  }
  response.end(tail);
}

async function writeInHurry(response: ServerResponse): Promise<void> {
  for (let written = 0; written < stalledBlocks; written += 1) {
    if (!response.write(block)) await once(response, 'drain');
    stalledBytes += block.length;
  }
  response.end(tail);
}

function call(content: string): Socket {
  const body = JSON.stringify({
    ...{ model: 'long', stream: true, max_tokens: 10_000 },
    messages: [{ role: 'user', content }],
  });
  const socket = connect(server.port, 'localhost');
  const head = [
    'POST /v1/chat/completions HTTP/1.1',
    'host: localhost',
    `authorization: Bearer ${key}`,
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.write([...head, '', body].join('\r\n'));
  return socket;
}

interface Read {
  isWhole: boolean;
  bytes: number;
  firstByteMs: number;
  /** The longest time without a byte after that, once it had asked for more. */
  silenceMs: number;
}

let open = 0;
let mostOpen = 0;

/** Reads one stream a piece at a time, with a rest after each. */
function read(socket: Socket, restMs: number): Promise<Read> {
  const told: Read = { isWhole: false, bytes: 0, firstByteMs: 0, silenceMs: 0 };
  let askedMs = performance.now();
  let last = '';
  open += 1;
  mostOpen = Math.max(mostOpen, open);
  return new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.on('data', (chunk) => {
      const waitedMs = performance.now() - askedMs;
      if (told.bytes === 0) told.firstByteMs = waitedMs;
      else told.silenceMs = Math.max(told.silenceMs, waitedMs);
      told.bytes += chunk.length;
      last = (last + chunk.toString('latin1', Math.max(0, chunk.length - 100))).slice(-100);
      askedMs = performance.now();
      if (restMs === 0) return;
      socket.pause();
      setTimeout(() => {
        askedMs = performance.now();
        socket.resume();
      }, restMs);
    });
    socket.on('end', () => {
      open -= 1;
      told.isWhole = last.includes('data: [DONE]');
      resolve(told);
    });
  });
}

/** A figure of the server's process. */
async function metric(name: string): Promise<number> {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\S+)`, 'm').exec(text)?.[1]);
}
/** The 99th percentile of the event loop's delay since the last time that somebody asked. */
const delayMs = async () => (await metric('nodejs_eventloop_lag_p99_seconds')) * 1000;
const cpuSeconds = () => metric('process_cpu_seconds_total');

test('a thousand streams at once are all served, within bounded memory and without delay', async () => {
  let mostMb = 0;
  const sampler = setInterval(() => {
    mostMb = Math.max(mostMb, server.residentMb());
  }, 100);
  const sleepers = Array.from({ length: stalled }, () => call('Hurry').pause());
  await sleep(3000);
  await delayMs();
  const cpuBefore = await cpuSeconds();
  const reads = await Promise.all(
    Array.from({ length: streams }, async (_, index) => {
      await sleep(index * beginEveryMs);
      return read(call('Hello'), readEveryMs);
    }),
  );
  const lagMs = Math.round(await delayMs());
  const cpu = Math.round((await cpuSeconds()) - cpuBefore);
  const heldBack = stalledBytes;
  const woken = await Promise.all(sleepers.map((socket) => read(socket.resume(), 0)));
  clearInterval(sampler);
  mostMb = Math.round(mostMb);
  const firstByteMs = Math.round(Math.max(...reads.map((told) => told.firstByteMs)));
  const silenceMs = Math.round(Math.max(...reads.map((told) => told.silenceMs)));
  const heldBackMb = Math.round(heldBack / stalled / 1e6);
  console.log(JSON.stringify({ mostOpen, mostMb, cpu, lagMs, firstByteMs, silenceMs, heldBackMb }));

  expect([...reads, ...woken].filter(({ isWhole }) => !isWhole)).toEqual([]);
  expect(Math.min(...reads.map(({ bytes }) => bytes))).toBeGreaterThan(words.length * writes);
  expect(Math.min(...woken.map(({ bytes }) => bytes))).toBeGreaterThan(
    block.length * stalledBlocks,
  );
  expect(mostOpen).toBeGreaterThanOrEqual(streams);
  expect(heldBack).toBeLessThan((block.length * stalledBlocks * stalled) / 2);
  expect(mostMb).toBeLessThan(rssMbMax);
  expect(firstByteMs).toBeLessThan(firstByteMsMax);
  expect(silenceMs).toBeLessThan(silenceMsMax);
  expect(lagMs).toBeLessThan(delayMsMax);

  const wallet = await done(customer.client.get('/api/v1/billing/wallet'));
  // A dollar a million tokens.
  const each = (usage.prompt_tokens + usage.completion_tokens) / 1e6;
  expect(Number(wallet.balance)).toBeCloseTo(1000 - (streams + stalled) * each, 6);
  expect(wallet).toMatchObject({ held: '0.00', owed: '0.00' });
});
