/**
 * What a call costs whose caller leaves: before the first byte, after one chunk, in the middle, at the last chunk, and by a
 * connection that is cut; for plans that bill what was delivered, and for plans that bill what was made.
 */
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { testContext } from '../../platform/testkit/platform.ts';
import { presentReceipt } from '../metering/index.ts';
import { changeSettings } from '../settings/index.ts';
import { type GatewayFixture, startGateway } from './testkit/gateway-fixture.ts';
import {
  chunk,
  end,
  type ScriptedUpstream,
  startScriptedUpstream,
  usageChunk,
} from './testkit/scripted-upstream.ts';

let gateway: GatewayFixture;
let upstream: ScriptedUpstream;
/** Chunks that the upstream writes before it waits for the caller to leave; undefined: not even a head. */
let chunksBefore: number | undefined;
let isSilentAfter: boolean;
let leave: PromiseWithResolvers<void>;

const words = Array.from({ length: 20 }, () => chunk(' word'));

beforeAll(async () => {
  gateway = await startGateway({ limits: { drainMs: 3000 } });
  upstream = await startScriptedUpstream();
  await gateway.price({ model: 'told' });
  await gateway.channel({ baseUrl: upstream.baseUrl, models: ['told'] });
  upstream.script = async (response) => {
    const head = () => response.writeHead(200, { 'content-type': 'text/event-stream' });
    const before = chunksBefore;
    if (before !== undefined) head().flushHeaders();
    if (before) response.write(words.slice(0, before).join(''));
    await leave.promise;
    if (isSilentAfter) return;
    if (before === undefined) head();
    response.end(words.slice(before ?? 0).join('') + usageChunk(40, words.length) + end);
  };
});
beforeEach(() => {
  leave = Promise.withResolvers<void>();
  isSilentAfter = false;
});
afterAll(async () => {
  await gateway.close();
  await upstream.close();
});

const body = { model: 'told', stream: true, messages: [{ role: 'user', content: 'Hello' }] };

async function customerOf(policy: 'delivered' | 'drained') {
  await changeSettings(testContext(gateway.platform), { on_abort: policy });
  return gateway.customer();
}

/** Reads until so many words arrived, then leaves by aborting; the upstream goes on once that was noticed. */
async function leaveAfter(secret: string, chunks: number | undefined): Promise<void> {
  chunksBefore = chunks;
  const abort = new AbortController();
  const call = gateway.chat(secret, body, { signal: abort.signal });
  if (chunks) {
    const reader = (await call).body?.getReader();
    const decoder = new TextDecoder();
    let text = '';
    while (reader && text.split(' word').length <= chunks) {
      text += decoder.decode((await reader.read()).value, { stream: true });
    }
  } else await arrival();
  abort.abort();
  await call.catch(() => undefined);
  await noticed();
}

/** Reads so many words from a bare connection, then resets it. */
async function cutAfter(secret: string, chunks: number): Promise<void> {
  chunksBefore = chunks;
  const { port, hostname } = new URL(gateway.url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  const json = JSON.stringify(body);
  socket.write(
    `POST /v1/chat/completions HTTP/1.1\r\nhost: ${hostname}\r\nauthorization: Bearer ${secret}\r\n` +
      `content-type: application/json\r\ncontent-length: ${json.length}\r\n\r\n${json}`,
  );
  let text = '';
  while (text.split(' word').length <= chunks) text += String((await once(socket, 'data'))[0]);
  socket.resetAndDestroy();
  await noticed();
}

async function arrival(): Promise<void> {
  const before = upstream.bodies.length;
  while (upstream.bodies.length === before) await pause(2);
  await pause(40);
}

/** A connection that closed is told within the next turns of the loop; many of them pass here. */
async function noticed(): Promise<void> {
  await pause(150);
  leave.resolve();
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function receiptOf(organizationId: string) {
  const [bill] = await gateway.bills(organizationId);
  const record = await gateway.receipt(bill?.request_id ?? '');
  if (!record) throw new Error('the call has a receipt');
  const { usage, on_abort, amount, outcome } = presentReceipt(record);
  return { output: usage.output_tokens, input: usage.input_tokens, on_abort, amount, outcome };
}

describe('a plan that bills what was delivered', () => {
  it('bills the input of a call left before the first byte, once the upstream has begun', async () => {
    const customer = await customerOf('delivered');
    await leaveAfter(customer.secret, 0);
    expect(await receiptOf(customer.organizationId)).toEqual({
      ...{ input: 40, output: 0, amount: '0.00004', outcome: 'aborted' },
      on_abort: {
        policy: 'delivered',
        ...{ delivered_output_tokens: 0, reported_output_tokens: words.length },
      },
    });
  });

  it('bills nothing where the upstream had not begun', async () => {
    const customer = await customerOf('delivered');
    isSilentAfter = true;
    await leaveAfter(customer.secret, undefined);
    expect(await gateway.bills(customer.organizationId)).toEqual([]);
    expect(await gateway.holds()).toBe(0);
  });

  it.each([1, 10])('bills the output that was delivered of %i chunks', async (chunks) => {
    const customer = await customerOf('delivered');
    await leaveAfter(customer.secret, chunks);
    const receipt = await receiptOf(customer.organizationId);
    expect(receipt).toMatchObject({ input: 40, output: chunks, outcome: 'aborted' });
    expect(receipt.on_abort).toEqual({
      policy: 'delivered',
      ...{ delivered_output_tokens: chunks, reported_output_tokens: words.length },
    });
  });

  it('bills the report of a call left at the last chunk, for all was delivered', async () => {
    const customer = await customerOf('delivered');
    await leaveAfter(customer.secret, words.length);
    expect(await receiptOf(customer.organizationId)).toMatchObject({
      ...{ input: 40, output: words.length },
      on_abort: { delivered_output_tokens: words.length },
    });
  });

  it('bills a call whose connection was cut like one that was left', async () => {
    const customer = await customerOf('delivered');
    await cutAfter(customer.secret, 5);
    expect(await receiptOf(customer.organizationId)).toMatchObject({
      ...{ input: 40, output: 5, outcome: 'aborted' },
      on_abort: { policy: 'delivered', reported_output_tokens: words.length },
    });
  });

  it('bills input and what was delivered as counted here, where no report comes', async () => {
    const customer = await customerOf('delivered');
    isSilentAfter = true;
    await leaveAfter(customer.secret, 3);
    const receipt = await receiptOf(customer.organizationId);
    expect(receipt).toMatchObject({ output: 3, on_abort: { reported_output_tokens: null } });
    expect(receipt.input).toBeGreaterThan(0);
  });
});

describe('a plan that bills what was made', () => {
  it.each([0, 1, 10, words.length])(
    'bills the report of a call left after %i chunks',
    async (chunks) => {
      const customer = await customerOf('drained');
      await leaveAfter(customer.secret, chunks);
      const receipt = await receiptOf(customer.organizationId);
      expect(receipt).toEqual({
        ...{ input: 40, output: words.length, amount: '0.00024', outcome: 'aborted' },
        on_abort: {
          policy: 'drained',
          ...{ delivered_output_tokens: chunks, reported_output_tokens: words.length },
        },
      });
    },
  );

  it('bills the report of a call whose connection was cut', async () => {
    const customer = await customerOf('drained');
    await cutAfter(customer.secret, 5);
    expect(await receiptOf(customer.organizationId)).toMatchObject({
      ...{ input: 40, output: words.length },
      on_abort: { policy: 'drained', delivered_output_tokens: 5 },
    });
  });
});
