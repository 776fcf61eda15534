import { afterEach, describe, expect, it } from 'vitest';
import type { GatewayLimits } from './limits.ts';
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
/** Lets the upstream's stream go on to its end. */
let finish: () => void;

/** A gateway whose upstream says one word and then waits to be told. */
async function startWaiting(limits: Partial<GatewayLimits> = {}) {
  gateway = await startGateway({ limits });
  upstream = await startScriptedUpstream();
  await gateway.price({ model: 'slow' });
  await gateway.channel({ baseUrl: upstream.baseUrl, models: ['slow'] });
  const told = Promise.withResolvers<void>();
  finish = told.resolve;
  upstream.script = async (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(chunk('Once'));
    await told.promise;
    response.end(chunk(' more') + usageChunk(7, 2) + end);
  };
}
afterEach(async () => {
  await gateway.close();
  await upstream.close();
});

const slow = { model: 'slow', stream: true, messages: [{ role: 'user', content: 'Hello' }] };

describe('a running gateway', () => {
  it('finishes and bills what is in flight before it closes, and takes nothing new', async () => {
    await startWaiting();
    const customer = await gateway.customer();
    const response = await gateway.chat(customer.secret, slow);
    const closed = gateway.gateway.close();
    expect((await gateway.chat(customer.secret, slow)).status).toBe(503);
    finish();
    expect(await response.text()).toBe(chunk('Once') + chunk(' more') + end);
    await closed;
    const bills = await gateway.bills(customer.organizationId);
    expect(bills).toMatchObject([{ outcome: 'completed', output_tokens: 2n }]);
  });

  it('cuts what does not end in time when it closes, and bills what was delivered', async () => {
    await startWaiting({ closeMs: 50 });
    const customer = await gateway.customer();
    const response = await gateway.chat(customer.secret, slow);
    await gateway.gateway.close();
    expect(await response.text()).toContain('upstream_failed');
    const bills = await gateway.bills(customer.organizationId);
    expect(bills).toMatchObject([{ outcome: 'upstream_error', estimated: true }]);
    expect(await gateway.holds()).toBe(0);
  });

  it('cuts a call that takes longer than any may', async () => {
    await startWaiting({ totalTimeoutMs: 100 });
    const customer = await gateway.customer();
    const response = await gateway.chat(customer.secret, slow);
    expect(await response.text()).toContain('upstream_failed');
    expect(await gateway.bills(customer.organizationId)).toHaveLength(1);
  });

  it('gives up an upstream that falls silent', async () => {
    await startWaiting({ idleTimeoutMs: 300 });
    const customer = await gateway.customer();
    const response = await gateway.chat(customer.secret, slow);
    expect(await response.text()).toContain('upstream_failed');
    const bills = await gateway.bills(customer.organizationId);
    expect(bills).toMatchObject([{ outcome: 'upstream_error' }]);
  });

  it('keeps the hold of a long call alive', async () => {
    await startWaiting({ holdMs: 90 });
    const customer = await gateway.customer();
    const response = await gateway.chat(customer.secret, slow);
    const first = await gateway.holdExpiry();
    gateway.platform.clocks.advance('PT1M');
    for (let turn = 0; (await gateway.holdExpiry()) === first; turn += 1) {
      if (turn > 500) throw new Error('the hold was not renewed');
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    finish();
    await response.text();
    const receipt = await gateway.receipt(response.headers.get('x-request-id'));
    expect(receipt?.usage).toMatchObject({ late: false, outcome: 'completed' });
  });

  it('bounds how many upstreams are read on after their callers left', async () => {
    await startWaiting({ drainsMax: 0 });
    const customer = await gateway.customer();
    const abort = new AbortController();
    const response = await gateway.chat(customer.secret, slow, { signal: abort.signal });
    await response.body?.getReader().read();
    abort.abort();
    const bills = await gateway.bills(customer.organizationId);
    expect(bills).toMatchObject([{ outcome: 'aborted', estimated: true }]);
  });

  it('bounds the calls in flight, and the memory of their bodies', async () => {
    await startWaiting({ callsMax: 1, bodiesBytesMax: 2000 });
    const customer = await gateway.customer();
    const large = { ...slow, user: 'x'.repeat(3000) };
    expect((await gateway.chat(customer.secret, large)).status).toBe(503);
    const first = await gateway.chat(customer.secret, slow);
    expect((await gateway.chat(customer.secret, slow)).status).toBe(503);
    finish();
    await first.text();
    expect((await gateway.chat(customer.secret, slow)).status).toBe(200);
  });
});
