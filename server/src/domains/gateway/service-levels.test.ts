/** What calls say of the service: counted where they were served or failed, and not where it was their callers' doing. */
import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../../platform/database/pool.ts';
import { testContext } from '../../platform/testkit/platform.ts';
import { availabilityPercent, callsOf } from './core/service-levels.ts';
import { readServiceLevels } from './operations/read-service-levels.ts';
import { createServiceRecord } from './service-record.ts';
import { type GatewayFixture, startGateway } from './testkit/gateway-fixture.ts';
import {
  answers,
  chunk,
  end,
  type ScriptedUpstream,
  startScriptedUpstream,
  streams,
  usageChunk,
} from './testkit/scripted-upstream.ts';

let gateway: GatewayFixture;
let upstream: ScriptedUpstream;
let model: string;
let models = 0;

beforeAll(async () => {
  gateway = await startGateway();
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

const channel = (rest: object = {}) =>
  gateway.channel({ baseUrl: upstream.baseUrl, apiKey: 'sk-secret', models: [model], ...rest });
const call = (rest: object = {}) => ({
  model,
  messages: [{ role: 'user', content: 'Hello' }],
  ...rest,
});
const whole = {
  choices: [{ index: 0, message: { role: 'assistant', content: 'Hi' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 10, completion_tokens: 2 },
};
const broken: ScriptedUpstream['script'] = (response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(chunk('Hel'));
  setTimeout(() => response.destroy(), 20);
};

async function measured(of = model) {
  await gateway.flushService();
  const levels = await readServiceLevels(testContext(gateway.platform), {
    ...{ days: 90, recentMinutes: 15 },
  });
  return { model: levels.models.get(of), overall: levels.overall };
}

describe('a call', () => {
  it.each([
    ['an answer', answers(200, whole), {}, 1, 0],
    ['a stream', streams(chunk('Hi'), usageChunk(1, 1), end), { stream: true }, 1, 0],
    ['an upstream that fails', answers(500, {}), {}, 0, 1],
    ['an upstream that is too busy for us', answers(429, {}), {}, 0, 1],
    ['an upstream that refuses our key', answers(401, {}), {}, 0, 1],
    ['a stream that breaks off', broken, { stream: true }, 0, 1],
    ["the caller's own mistake", answers(400, { error: { message: 'no' } }), {}, 0, 0],
  ] as const)('with %s counts so', async (_, script, rest, served, failed) => {
    await channel();
    upstream.script = script;
    const { secret } = await gateway.customer();
    const response = await gateway.chat(secret, call(rest));
    await response.text().catch(() => undefined);
    const { model: levels } = await measured();
    expect({ served: levels?.total.served ?? 0, failed: levels?.total.failed ?? 0 }).toEqual({
      served,
      failed,
    });
    expect(levels?.recent).toEqual(levels?.total);
    expect(levels?.days.at(-1)).toEqual(levels?.total);
  });

  it('that another channel served counts as served', async () => {
    await channel({ priority: 9 });
    await gateway.channel({ label: 'sound', models: [model] });
    upstream.script = answers(500, {});
    const { secret } = await gateway.customer();
    expect((await gateway.chat(secret, call())).status).toBe(200);
    expect((await measured()).model?.total).toMatchObject({ served: 1, failed: 0 });
  });

  it('without any channel that could take it has failed', async () => {
    const { secret } = await gateway.customer();
    expect((await gateway.chat(secret, call())).status).toBe(503);
    expect((await measured()).model?.total).toMatchObject({ served: 0, failed: 1 });
  });

  it('of a wrong key, an unknown model or an empty wallet says nothing', async () => {
    await channel();
    const before = (await measured()).overall.total;
    const { secret } = await gateway.customer();
    const poor = await gateway.customer({ wallet: '0' });
    expect((await gateway.chat('sk-wrong', call())).status).toBe(401);
    expect((await gateway.chat(secret, call({ model: 'unknown' }))).status).toBe(404);
    expect((await gateway.chat(poor.secret, call())).status).toBe(402);
    const after = await measured();
    expect(after.overall.total).toEqual(before);
    expect(after.model).toBeUndefined();
  });

  it('whose caller left says nothing', async () => {
    await channel();
    let waiting: ServerResponse | undefined;
    upstream.script = (response) => {
      waiting = response;
    };
    const { secret } = await gateway.customer();
    const leaving = new AbortController();
    const asked = gateway.chat(secret, call(), { signal: leaving.signal }).catch(() => undefined);
    await until(() => waiting !== undefined);
    leaving.abort();
    await asked;
    waiting?.destroy();
    expect((await measured()).model).toBeUndefined();
  });

  it('tells how long it took, and a stream until its first token', async () => {
    await channel();
    const { secret } = await gateway.customer();
    upstream.script = answers(200, whole);
    await (await gateway.chat(secret, call())).text();
    upstream.script = streams(chunk('Hi'), usageChunk(1, 1), end);
    await (await gateway.chat(secret, call({ stream: true }))).text();
    const total = (await measured()).model?.total;
    const sum = (steps: readonly number[] = []) => steps.reduce((all, one) => all + one, 0);
    expect([sum(total?.whole), sum(total?.firstToken)]).toEqual([2, 1]);
  });
});

describe('createServiceRecord', () => {
  const noted = { model: 'shared', ending: 'served', firstTokenMs: 40, wholeMs: 900 } as const;

  it('adds up what every process counted, exactly', async () => {
    const processes = [1, 2, 3].map(() => createServiceRecord(gateway.platform));
    for (let turn = 0; turn < 5; turn += 1) {
      for (const process of processes) {
        for (let count = 0; count < 20; count += 1) process.note(noted);
        process.note({ ...noted, ending: 'failed_here' });
      }
      await Promise.all(processes.map((process) => process.flush()));
    }
    const { model: levels } = await measured('shared');
    expect(levels?.total).toMatchObject({ served: 300, failed: 15 });
    expect(levels && callsOf(levels.total)).toBe(315);
    expect(levels && availabilityPercent(levels.total)).toBe(95.238);
    expect(levels?.total.whole.filter((count) => count > 0)).toEqual([300]);
    expect(levels?.total.firstToken.filter((count) => count > 0)).toEqual([300]);
  });

  it('keeps what could not be written', async () => {
    const nobody = openDatabase({ url: 'postgres://127.0.0.1:9/none' });
    const { database } = gateway.platform;
    let isAway = true;
    const record = createServiceRecord({
      ...gateway.platform,
      get database() {
        return isAway ? nobody : database;
      },
    });
    record.note({ ...noted, model: 'kept' });
    await record.flush();
    record.note({ ...noted, model: 'kept' });
    isAway = false;
    await record.flush();
    await nobody.destroy();
    expect((await measured('kept')).model?.total).toMatchObject({ served: 2, failed: 0 });
  });
});

async function until(isTrue: () => boolean): Promise<void> {
  for (let turn = 0; !isTrue(); turn += 1) {
    if (turn > 1000) throw new Error('it never came');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
