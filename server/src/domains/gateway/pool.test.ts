import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createNotifications } from '../../platform/notifications.ts';
import { testContext } from '../../platform/testkit/platform.ts';
import { readDetails } from '../metering/index.ts';
import { createChannels } from './channels.ts';
import { joinHealth } from './core/channel-health.ts';
import { readHealth, writeHealth } from './health-board.ts';
import { gatewayJobs } from './jobs.ts';
import { registerChannelMetrics } from './metrics.ts';
import { addChannelKey, removeChannelKey } from './operations/change-channel-keys.ts';
import { listChannelAttempts, readChannel } from './operations/read-channels.ts';
import { updateChannel } from './operations/update-channel.ts';
import { presentChannel } from './present-channel.ts';
import { type GatewayFixture, startGateway } from './testkit/gateway-fixture.ts';
import {
  answers,
  type ScriptedUpstream,
  startScriptedUpstream,
} from './testkit/scripted-upstream.ts';

let gateway: GatewayFixture;
let upstream: ScriptedUpstream;
let model: string;
let models = 0;

beforeAll(async () => {
  gateway = await startGateway({ limits: { callsMax: 1000 } });
  upstream = await startScriptedUpstream();
});
beforeEach(async () => {
  models += 1;
  model = `model-${models}`;
  await gateway.price({ model });
});
afterAll(async () => {
  await gateway.close();
  await upstream.close();
});

const call = (rest: object = {}) => ({
  model,
  messages: [{ role: 'user', content: 'Hello' }],
  ...rest,
});
const good = answers(200, {
  choices: [{ index: 0, message: { role: 'assistant', content: 'Hi' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 10, completion_tokens: 2 },
});
const scripted = (rest: object = {}) =>
  gateway.channel({ baseUrl: upstream.baseUrl, apiKey: 'sk-first', models: [model], ...rest });
const context = () => testContext(gateway.platform);
async function statusOf(secret: string, body: object = call()): Promise<number> {
  const response = await gateway.chat(secret, body);
  await response.text();
  return response.status;
}
async function shown(id: string) {
  const healthOf = await readHealth(context(), gateway.channels, [id]);
  return presentChannel(context(), await readChannel(context(), id), healthOf(id));
}
const keyOf = ({ headers }: IncomingMessage) => headers.authorization?.replace('Bearer ', '') ?? '';

describe('a channel that fails', () => {
  it('is left alone after three failures, then lets one call through a storm, whose success opens it to all', async () => {
    const { id } = await scripted();
    const { secret } = await gateway.customer();
    upstream.script = answers(500, {});
    // One customer alone does not shut it.
    for (const _ of [1, 2, 3, 4, 5]) expect(await statusOf(secret)).toBe(502);
    expect(await statusOf((await gateway.customer()).secret)).toBe(502);
    const response = await gateway.chat(secret, call());
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('1');
    expect((await shown(id)).health).toMatchObject({ state: 'resting', failures: 6 });

    gateway.platform.clocks.advance('PT1S');
    const before = upstream.bodies.length;
    const held = Promise.withResolvers<void>();
    upstream.script = async (...exchange) => {
      await held.promise;
      good(...exchange);
    };
    const refused: number[] = [];
    const storm = Array.from({ length: 20 }, async () => {
      const status = await statusOf(secret);
      if (status !== 200) refused.push(status);
      return status;
    });
    while (refused.length < 19) await sleep(5);
    held.resolve();
    const statuses = await Promise.all(storm);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(new Set(refused)).toEqual(new Set([503]));
    expect(upstream.bodies.length).toBe(before + 1);
    const all = await Promise.all(Array.from({ length: 20 }, () => statusOf(secret)));
    expect(new Set(all)).toEqual(new Set([200]));
    expect((await shown(id)).health).toMatchObject({ state: 'healthy', failures: 0 });
  });

  it('rests as long as the body of its refusal asks', async () => {
    await scripted();
    const { secret } = await gateway.customer();
    upstream.script = answers(429, { error: { details: [{ retryDelay: '34s' }] } });
    expect(await statusOf(secret)).toBe(429);
    upstream.script = good;
    gateway.platform.clocks.advance('PT33S');
    expect(await statusOf(secret)).toBe(503);
    gateway.platform.clocks.advance('PT2S');
    expect(await statusOf(secret)).toBe(200);
  });

  it('goes on with its other models when it is refused for one', async () => {
    const other = `${model}-other`;
    await gateway.price({ model: other });
    const { id } = await scripted({ models: [model, other] });
    await gateway.channel({ label: 'sound', models: [model], priority: -1 });
    const { secret } = await gateway.customer();
    upstream.script = (response, request, body) => {
      const isRefused = JSON.parse(body.toString()).model === model;
      const refusal = answers(404, { error: { code: 'model_not_found', message: 'none' } });
      (isRefused ? refusal : good)(response, request, body);
    };
    const before = upstream.bodies.length;
    for (const _ of [1, 2, 3]) expect(await statusOf(secret)).toBe(200);
    expect(upstream.bodies.length).toBe(before + 1);
    for (const _ of [1, 2, 3]) expect(await statusOf(secret, call({ model: other }))).toBe(200);
    expect(upstream.bodies.length).toBe(before + 4);
    const { health } = await shown(id);
    expect(health).toMatchObject({
      state: 'healthy',
      models: [{ model, reason: 'model_unknown' }],
    });
  });

  it('bills the call once, at the one that answered, and writes down what the failure probably cost', async () => {
    const failing = await scripted({ priority: 9, cost: { factor: '0.5' } });
    const sound = await gateway.channel({
      label: 'sound',
      models: [model],
      cost: { factor: '0.25' },
    });
    upstream.script = (response) => response.destroy();
    const customer = await gateway.customer();
    const content = 'Hello [[sandbox: tokens=2, usage=10/2]]';
    expect(await statusOf(customer.secret, call({ messages: [{ role: 'user', content }] }))).toBe(
      200,
    );
    const bills = await gateway.bills(customer.organizationId);
    expect(bills).toMatchObject([{ channel_id: sound.id, amount: 30_000n }]);

    const receipt = await gateway.receipt(bills[0]?.request_id ?? '');
    // A quarter of the list price, frozen with the call.
    expect(readDetails(receipt?.usage.details)).toMatchObject({ attempts: 2, costNanos: 7500n });

    const attempts = () => listChannelAttempts(context(), failing.id, { limit: 10 });
    while ((await attempts()).data.length === 0) await sleep(50);
    const bytes = upstream.bodies.at(-1)?.length ?? 0;
    // A token of input costs a micro-dollar, and half of that upstream.
    const cost = BigInt(Math.ceil(bytes / 4)) * 500n;
    const [attempt] = (await attempts()).data;
    expect(attempt).toMatchObject({
      ...{ organization_id: customer.organizationId, request_id: bills[0]?.request_id },
      ...{ reason: 'broken', status: null, cost, currency: 'USD' },
    });
    expect((await listChannelAttempts(context(), sound.id, { limit: 10 })).data).toEqual([]);
  });
});

describe('keys', () => {
  it('rotate under load without a failed call, and new calls use the new one at once', async () => {
    const { id } = await scripted({ apiKey: 'sk-0' });
    const { secret } = await gateway.customer();
    const seen = new Set<string>();
    upstream.script = async (response, request, body) => {
      seen.add(keyOf(request));
      await sleep(Math.random() * 10);
      good(response, request, body);
    };
    let isOver = false;
    const statuses: number[] = [];
    const caller = async () => {
      while (!isOver) statuses.push(await statusOf(secret));
    };
    const callers = Array.from({ length: 8 }, caller);
    for (let turn = 1; turn <= 8; turn += 1) {
      await sleep(30);
      await updateChannel(context(), id, { api_key: `sk-${turn}` });
      await gateway.channels.load();
    }
    isOver = true;
    await Promise.all(callers);
    seen.clear();
    expect(await statusOf(secret)).toBe(200);
    expect([...seen]).toEqual(['sk-8']);
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(statuses.length).toBeGreaterThan(20);
  });

  it('take turns; a refused one rests alone, and the call that met it goes on with another', async () => {
    const { id } = await scripted();
    await addChannelKey(context(), id, 'sk-second');
    await gateway.channels.load();
    const { secret } = await gateway.customer();
    const seen: string[] = [];
    upstream.script = (response, request, body) => {
      seen.push(keyOf(request));
      const isRefused = keyOf(request) === 'sk-first';
      (isRefused ? answers(401, {}) : good)(response, request, body);
    };
    for (const _ of [1, 2, 3, 4]) expect(await statusOf(secret)).toBe(200);
    expect(seen.filter((key) => key === 'sk-first')).toHaveLength(1);
    const channel = await shown(id);
    expect(channel.health.state).toBe('healthy');
    expect(channel.keys).toMatchObject([
      { prefix: 'sk', state: 'refused', reason: 'key_refused' },
      { prefix: 'sk', state: 'ready', until: null },
    ]);
    expect(JSON.stringify(channel)).not.toContain('sk-first');

    await removeChannelKey(context(), id, channel.keys[0]?.id ?? '');
    await expect(removeChannelKey(context(), id, channel.keys[1]?.id ?? '')).rejects.toMatchObject({
      code: 'rule_violated',
    });
    await expect(addChannelKey(context(), id, 'sk-second')).rejects.toMatchObject({
      code: 'already_exists',
    });
  });

  it('that are all refused are said, until there is a new one', async () => {
    const { id } = await scripted();
    const { secret } = await gateway.customer();
    upstream.script = (response, request, body) =>
      (keyOf(request) === 'sk-new' ? good : answers(402, {}))(response, request, body);
    expect(await statusOf(secret)).toBe(502);
    expect(await statusOf(secret)).toBe(503);
    expect((await shown(id)).health).toMatchObject({
      state: 'refused',
      last_failure: { reason: 'no_credit', status: 402, model },
    });
    await updateChannel(context(), id, { api_key: 'sk-new' });
    await gateway.channels.load();
    expect(await statusOf(secret)).toBe(200);
    expect((await shown(id)).health).toMatchObject({ state: 'healthy' });
  });
});

describe('calls with the same hint', () => {
  it('go to one channel while it can take them, and then together to another', async () => {
    await scripted({ apiKey: 'sk-a' });
    await scripted({ apiKey: 'sk-b' });
    const { secret } = await gateway.customer();
    const seen: string[] = [];
    let refused = '';
    upstream.script = (response: ServerResponse, request, body) => {
      seen.push(keyOf(request));
      (keyOf(request) === refused ? answers(503, {}, { 'retry-after': '60' }) : good)(
        response,
        request,
        body,
      );
    };
    const together = call({ prompt_cache_key: 'session-1' });
    for (let turn = 0; turn < 8; turn += 1) await statusOf(secret, together);
    expect(new Set(seen).size).toBe(1);
    refused = seen[0] ?? '';
    seen.length = 0;
    for (let turn = 0; turn < 8; turn += 1) expect(await statusOf(secret, together)).toBe(200);
    expect(seen.slice(1)).toEqual(Array(8).fill(refused === 'sk-a' ? 'sk-b' : 'sk-a'));
  });
});

describe('metrics', () => {
  it('count attempts by channel and outcome', async () => {
    const { id } = await scripted();
    const { secret } = await gateway.customer();
    upstream.script = good;
    await statusOf(secret);
    upstream.script = answers(429, {}, { 'retry-after': '2' });
    await statusOf(secret);
    const registry = new Registry();
    registerChannelMetrics(registry, gateway.channels, () =>
      gateway.platform.clocks.wall().getTime(),
    );
    for (const _ of ['a scrape', 'another']) {
      const text = await registry.metrics();
      expect(text).toContain(`sluice_channel_attempts_total{channel="${id}",outcome="answered"} 1`);
      expect(text).toContain(
        `sluice_channel_attempts_total{channel="${id}",outcome="rate_limited"} 1`,
      );
      expect(text).toMatch(/sluice_channels\{state="resting"\} [1-9]/);
      expect(text).toContain(`sluice_channel_calls_in_flight{channel="${id}"} 0`);
    }
  });
});

describe('health', () => {
  it('is one picture of what all processes see', async () => {
    const { platform } = gateway;
    const notifications = createNotifications(platform.log);
    const other = await createChannels({ ...platform, notifications });
    const { id } = await scripted();
    await other.load();
    const wanted = { model, tried: new Set<string>(), dialects: ['openai'] as const };
    const take = (channels: typeof other) => {
      const taken = channels.take(wanted);
      if (!taken) throw new Error('a channel can take the call');
      return taken;
    };
    gateway.channels.succeeded(take(gateway.channels), 120);
    const asked = { kind: 'asked', ms: 60_000 } as const;
    const rest = { kind: 'rest', of: 'channel', length: asked, reason: 'overloaded' } as const;
    other.failed(take(other), rest, { status: 529 });
    await writeHealth(gateway.platform, other);
    expect((await shown(id)).health).toMatchObject({
      ...{ state: 'resting', in_flight: 2 },
      last_failure: { reason: 'overloaded', status: 529 },
      last_5_minutes: { calls: 2, failed: 1, p50_ms: 152 },
    });
    // A process that is gone tells only what was.
    gateway.platform.clocks.advance('PT31S');
    expect((await shown(id)).health).toMatchObject({
      ...{ state: 'healthy', in_flight: 1 },
      last_failure: { reason: 'overloaded' },
      last_60_minutes: { calls: 1, failed: 0 },
    });
  });

  it('of a channel that nobody calls is idle', () => {
    expect(joinHealth([])).toMatchObject({ state: 'idle', inFlight: 0, last5: { p50Ms: null } });
  });
});

describe('failed attempts', () => {
  it('are forgotten after 90 days', async () => {
    const { id } = await scripted();
    const { secret } = await gateway.customer();
    upstream.script = answers(500, {});
    await statusOf(secret);
    const attempts = async () =>
      (await listChannelAttempts(context(), id, { limit: 10 })).data.length;
    while ((await attempts()) === 0) await sleep(50);
    const forget = async () => {
      for (const job of gatewayJobs) await job.run(context(), {});
    };
    gateway.platform.clocks.advanceBusiness('P89D');
    await forget();
    expect(await attempts()).toBe(1);
    gateway.platform.clocks.advanceBusiness('P2D');
    await forget();
    expect(await attempts()).toBe(0);
  });
});
