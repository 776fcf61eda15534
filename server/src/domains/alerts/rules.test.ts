/** Rules of operators: judged by stored rows, firing once, telling once, resolved by themselves. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { createAlertRule } from '@sluice/contract/alert-rules';
import type { BodyOf } from '@sluice/contract/endpoint';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '../../platform/ids.ts';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { startOtherProcess } from '../../platform/testkit/other-process.ts';
import { type TestPlatform, testContext, testPlatform } from '../../platform/testkit/platform.ts';
import { createAdmin } from '../identity/index.ts';
import { ledgerListeners } from '../ledger/index.ts';
import { alertsJobs } from './jobs.ts';
import { createRule, deleteRule, updateRule } from './operations/change-rules.ts';
import { evaluateRules } from './operations/evaluate-rules.ts';
import { readFirings, readRules } from './operations/read-rules.ts';
import { testRule } from './operations/test-rule.ts';

let db: TestDatabase;
let platform: TestPlatform;
let hook: Hook;
const start = new Date('2026-03-04T12:20:00Z');

beforeAll(async () => {
  db = await createTestDatabase();
  platform = testPlatform(db, { config: { timeZone: 'UTC' }, listeners: ledgerListeners });
  await createAdmin(testContext(platform), { email: 'op@example.com', password: 'correct horse' });
  hook = await startHook();
});
beforeEach(async () => {
  platform.clocks.set(start);
  for (const table of ['alerts_firings', 'alerts_posts', 'delivery_messages']) {
    await sql`delete from ${sql.table(table)}`.execute(db.database);
  }
  await sql`delete from alerts_rules where not built_in`.execute(db.database);
  await sql`update alerts_rules set enabled = false`.execute(db.database);
  await sql`delete from payments_attempts`.execute(db.database);
  await sql`delete from metering_violations`.execute(db.database);
  hook.received.length = 0;
  hook.status = 204;
});
afterAll(async () => {
  hook.server.close();
  await db.close();
});

interface Hook {
  server: Server;
  url: string;
  status: number;
  received: { headers: Record<string, unknown>; body: string }[];
}

async function startHook(): Promise<Hook> {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      taken.received.push({ headers: request.headers, body });
      response.writeHead(taken.status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/secret-path`;
  const taken: Hook = { server, url, status: 204, received: [] };
  return taken;
}

async function attempts(status: 'succeeded' | 'failed', count: number): Promise<void> {
  const at = platform.clocks.business();
  const settled = status === 'succeeded' ? at : null;
  for (let index = 0; index < count; index += 1) {
    const id = newId('pay', at);
    await sql`
      insert into payments_attempts (
        id, number, organization_id, invoice_id, provider, merchant, title, amount_minor, currency, charged_minor,
        charged_currency, rate, status, next, provider_transaction, created_at, settled_at
      )
      values (
        ${id}, ${id.slice(4, 28).padEnd(24, '0')}, 'org_1', 'inv_1', 'stripe', 'm', 't', 1000, 'USD', 1000, 'USD', '1',
        ${status}, '{}', ${settled && id}, ${at}, ${settled}
      )
    `.execute(db.database);
  }
}

async function violations(hoursAgo: number, count: number): Promise<void> {
  const at = new Date(platform.clocks.business().getTime() - hoursAgo * 3_600_000 - 60_000);
  for (let index = 0; index < count; index += 1) {
    const id = newId('vio', at);
    await sql`
      insert into metering_violations (
        id, organization_id, quota_id, window_from, resets_at, subject_kind, subject_id, meter_id, "window",
        limit_amount, used, requested, is_hard, occurred_at
      )
      values (${id}, 'org_1', ${id}, ${at}, ${at}, 'organization', 'org_1', 'mtr_1', 'day', 1, 1, 1, true, ${at})
    `.execute(db.database);
  }
}

const context = () => testContext(platform);
const evaluate = () => evaluateRules(context());
const history = async () => (await readFirings(context(), { limit: 50 })).data;
const mails = async () => {
  const { rows } = await sql<{ count: number }>`
    select count(*)::integer as count from delivery_messages
  `.execute(db.database);
  return rows[0]?.count ?? 0;
};
const posts = async () => {
  const job = alertsJobs.find(({ name }) => name === 'alerts.post_due');
  await job?.run(context(), {});
};

type Rule = BodyOf<typeof createAlertRule>;
const failures: Rule = {
  ...{ name: null, metric: 'payment_failure_rate', window_minutes: 60, condition: 'above' },
  ...{ threshold: '5', deviations: null, samples_min: 20, enabled: true },
  ...{ mails_operators: true, mail_addresses: [], quiet_minutes: 0, webhook: null },
};

describe('the rules that come along', () => {
  it('are four, and mail the operators', async () => {
    const { data } = await readRules(context());
    expect(data.map(({ metric, threshold }) => [metric, threshold])).toEqual([
      ['cancellations', null],
      ['payment_failure_rate', '5'],
      ['quota_violations', null],
      ['response_time_p95', '2000'],
    ]);
    expect(data.every((rule) => rule.built_in && rule.mails_operators)).toBe(true);
  });
});

describe('evaluateRules', () => {
  it('fires once, tells once, follows the worst, and tells when it is over', async () => {
    await createRule(context(), failures);
    await attempts('succeeded', 90);
    await attempts('failed', 4);
    expect(await evaluate()).toEqual({ fired: 0, resolved: 0 });
    await attempts('failed', 6);
    platform.clocks.advance('PT1M');
    expect(await evaluate()).toEqual({ fired: 1, resolved: 0 });
    expect(await evaluate()).toEqual({ fired: 0, resolved: 0 });
    expect(await mails()).toBe(1);
    await attempts('failed', 10);
    platform.clocks.advance('PT1M');
    await evaluate();
    expect(await history()).toMatchObject([
      { limit: '5', value: '10', worst: '18.18', resolved_at: null },
    ]);
    expect(await mails()).toBe(1);
    platform.clocks.advance('PT2H');
    await attempts('succeeded', 30);
    platform.clocks.advance('PT1M');
    expect(await evaluate()).toEqual({ fired: 0, resolved: 1 });
    expect(await history()).toMatchObject([
      { value: '10', resolved_value: '0', resolved_at: '2026-03-04T14:23:00.000Z' },
    ]);
    expect(await mails()).toBe(2);
  });

  it('judges nothing by a few payments', async () => {
    await createRule(context(), failures);
    await attempts('failed', 19);
    platform.clocks.advance('PT1M');
    expect(await evaluate()).toEqual({ fired: 0, resolved: 0 });
    expect((await readRules(context())).data.find(({ built_in: own }) => !own)).toMatchObject({
      value: '100',
      samples: 19,
      firing: null,
    });
  });

  it('compares with the same time of the days before', async () => {
    await createRule(context(), {
      ...failures,
      ...{ metric: 'quota_violations', condition: 'unusually_high', samples_min: 5 },
      ...{ threshold: null, deviations: 8 },
    });
    for (let day = 1; day <= 14; day += 1) await violations(day * 24, day % 2 === 0 ? 4 : 6);
    await violations(0, 12);
    expect(await evaluate()).toEqual({ fired: 0, resolved: 0 });
    await violations(0, 8);
    expect(await evaluate()).toEqual({ fired: 1, resolved: 0 });
    expect(await history()).toMatchObject([{ expected: '5', limit: '13', value: '20' }]);
  });

  it('keeps its history while it is silenced, and tells when the silence is over', async () => {
    const { id } = await createRule(context(), failures);
    await updateRule(context(), id, { silenced_until: '2026-03-04T12:50:00Z' });
    await attempts('failed', 30);
    platform.clocks.advance('PT1M');
    expect(await evaluate()).toEqual({ fired: 1, resolved: 0 });
    expect(await mails()).toBe(0);
    platform.clocks.set('2026-03-04T12:51:00Z');
    await evaluate();
    await evaluate();
    expect(await mails()).toBe(1);
    expect(await history()).toMatchObject([{ told_at: '2026-03-04T12:51:00.000Z' }]);
  });

  it('stays quiet for a while after it was resolved', async () => {
    const { id } = await createRule(context(), { ...failures, quiet_minutes: 180 });
    await attempts('failed', 30);
    platform.clocks.advance('PT1M');
    await evaluate();
    platform.clocks.advance('PT2H');
    await evaluate();
    await attempts('failed', 30);
    platform.clocks.advance('PT1M');
    expect(await evaluate()).toEqual({ fired: 1, resolved: 0 });
    expect(await mails()).toBe(2);
    expect(await history()).toMatchObject([{ rule: id, told_at: null }, { rule: id }]);
  });

  it('fires once over two processes, and again after one that died', async () => {
    await createRule(context(), failures);
    await attempts('failed', 30);
    platform.clocks.advance('PT1M');
    const dying = startOtherProcess(db, platform, { diesAtQuery: 8 });
    await evaluateRules(dying.context).catch(() => undefined);
    await dying.close();
    const other = startOtherProcess(db, platform);
    await Promise.all([evaluate(), evaluateRules(other.context)]);
    await other.close();
    expect(await history()).toHaveLength(1);
    expect(await mails()).toBe(1);
  });

  it('goes on where one rule cannot be evaluated, and says why', async () => {
    await createRule(context(), failures);
    await createRule(context(), {
      ...{ ...failures, metric: 'news_waiting', threshold: '0', samples_min: 0 },
    });
    await attempts('failed', 30);
    platform.clocks.advance('PT1M');
    await sql`alter table platform_outbox rename to platform_outbox_gone`.execute(db.database);
    try {
      expect(await evaluate()).toEqual({ fired: 1, resolved: 0 });
    } finally {
      await sql`alter table platform_outbox_gone rename to platform_outbox`.execute(db.database);
    }
    const rule = (await readRules(context())).data.find(({ metric }) => metric === 'news_waiting');
    expect(rule?.problem).toContain('platform_outbox');
  });

  it.each([
    'payments_received',
    'notifications_waiting',
    'cancellations',
    'response_time_p95',
    'call_duration_p95',
    'call_failure_rate',
    'calls',
    'usage_revenue',
    'shortfall',
    'channels_unwell',
    'jobs_failing',
    'mails_waiting',
    'news_waiting',
    'ledger_problems',
  ] as const)('reads %s', async (metric) => {
    const { id } = await createRule(context(), { ...failures, metric, threshold: '999' });
    await evaluate();
    const rule = (await readRules(context())).data.find((one) => one.id === id);
    expect(rule).toMatchObject({ problem: null, evaluated_at: start.toISOString() });
  });
});

describe('the webhook of a rule', () => {
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

  it('is posted to with a signature, tried again, and its address is not told', async () => {
    const rule = await createRule(context(), { ...failures, webhook: { url: hook.url, secret } });
    expect(rule.webhook).toEqual({ url: new URL(hook.url).origin, signed: true });
    await attempts('failed', 30);
    platform.clocks.advance('PT1M');
    await evaluate();
    hook.status = 500;
    await posts();
    await posts();
    expect(hook.received).toHaveLength(1);
    hook.status = 204;
    platform.clocks.advance('PT1M');
    await posts();
    await posts();
    expect(hook.received).toHaveLength(2);
    const [first, second] = hook.received;
    expect(first?.headers['webhook-id']).toBe(second?.headers['webhook-id']);
    expect(first?.headers['webhook-signature']).toMatch(/^v1,[A-Za-z0-9+/]{43}=$/);
    expect(JSON.parse(first?.body ?? '')).toMatchObject({
      type: 'alert.fired',
      data: { rule: rule.id, value: '100', limit: '5', unit: 'percent' },
    });
  });

  it('leads nowhere private in live mode', async () => {
    platform.config.mode = 'live';
    try {
      for (const url of ['https://127.0.0.1/', 'https://[::1]/', 'https://10.0.0.8/x']) {
        await expect(createRule(context(), { ...failures, webhook: { url } })).rejects.toThrow(
          'private network',
        );
      }
      await expect(
        createRule(context(), { ...failures, webhook: { url: 'http://example.com/' } }),
      ).rejects.toThrow('https');
    } finally {
      platform.config.mode = 'sandbox';
    }
  });
});

describe('testRule', () => {
  it('shows the value, sends what is marked as a test, and leaves no history', async () => {
    const { id } = await createRule(context(), { ...failures, webhook: { url: hook.url } });
    await attempts('failed', 30);
    platform.clocks.advance('PT1M');
    expect(await testRule(context(), id)).toEqual({
      ...{ value: '100', samples: 30, limit: '5', expected: null, standing: 'beyond' },
      mails: 1,
      webhook: { ok: true, message: 'The webhook took the message.' },
    });
    expect(JSON.parse(hook.received[0]?.body ?? '')).toMatchObject({ type: 'alert.test' });
    expect(hook.received[0]?.headers['webhook-signature']).toBeUndefined();
    expect(await history()).toEqual([]);
    hook.status = 410;
    expect((await testRule(context(), id)).webhook).toEqual({
      ...{ ok: false, message: 'It answered 410.' },
    });
  });
});

describe('a change of a rule', () => {
  it.each([
    ['no threshold', { threshold: null }, 'threshold'],
    ['half a call', { metric: 'calls', threshold: '1.5' }, 'threshold'],
    ['minutes of an hourly sum', { metric: 'calls', window_minutes: 90 }, 'window_minutes'],
    ['no deviations', { condition: 'unusually_high' }, 'deviations'],
    [
      'the past of what has none',
      { metric: 'jobs_failing', condition: 'unusually_low', deviations: 5 },
      'condition',
    ],
  ] as [string, Partial<Rule>, string][])('is refused with %s', async (_, change, param) => {
    await expect(createRule(context(), { ...failures, ...change })).rejects.toMatchObject({
      ...{ code: 'rule_violated', param },
    });
  });

  it('ends what was firing where it is switched off or removed', async () => {
    const { id } = await createRule(context(), failures);
    await attempts('failed', 30);
    platform.clocks.advance('PT1M');
    await evaluate();
    await updateRule(context(), id, { enabled: false });
    expect(await history()).toMatchObject([{ resolved_value: null }]);
    expect((await history())[0]?.resolved_at).not.toBeNull();
    await updateRule(context(), id, { enabled: true });
    await evaluate();
    await deleteRule(context(), id);
    expect((await history()).every((firing) => firing.resolved_at !== null)).toBe(true);
    expect(await history()).toHaveLength(2);
  });
});
