/** A whole server, watched: every name that a board, a rule or a guide uses is served, and an id leads through log and audit. */
import { readFileSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { createAdmin } from './domains/identity/index.ts';
import { type Deployment, openDeployment, openServer, openServices, type Server } from './main.ts';
import { readConfig } from './platform/config.ts';
import { createLog } from './platform/log.ts';
import { createTestDatabase, type TestDatabase } from './platform/testkit/database.ts';

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');
const operator = { email: 'op@example.com', password: 'correct horse battery' };

let db: TestDatabase;
let deployment: Deployment;
let server: Server;
const lines: Record<string, unknown>[] = [];

beforeAll(async () => {
  db = await createTestDatabase();
  const config = {
    ...readConfig({}),
    secretKey: 'a secret of the tests, longer than 32 characters',
    databaseUrl: db.url,
  };
  const written = new PassThrough();
  written.on('data', (text) => {
    for (const line of String(text).trim().split('\n')) lines.push(JSON.parse(line));
  });
  deployment = await openDeployment(config, db.url, createLog('debug', written));
  await createAdmin(deployment.context(), operator);
  const services = await openServices(deployment);
  server = await openServer(deployment, services, { webDirectory: '/nowhere', leavesJobs: true });
});
afterAll(async () => {
  await server.close();
  await deployment.close();
  await db.close();
});

async function servedNames(): Promise<Set<string>> {
  const { body } = await server.app.inject({ url: '/metrics' });
  const names = [...body.matchAll(/^# TYPE (\w+) (\w+)$/gm)].flatMap(([, name = '', type]) =>
    type === 'histogram' ? [name, `${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
  );
  // Without REDIS_URL these are not served.
  const ofRedis = read('server/src/domains/access/rates/metrics.ts');
  return new Set([
    ...names,
    ...[...ofRedis.matchAll(/name: '(\w+)'/g)].map(([, name = '']) => name),
  ]);
}

const namesIn = (text: string) =>
  new Set(text.match(/\b(?:sluice|nodejs|process)_[a-z0-9_]+[a-z0-9]\b/g) ?? []);

describe('metrics', () => {
  test('that the board of Grafana asks for are served', async () => {
    const board = JSON.parse(read('deploy/monitoring/grafana-board.json')) as {
      panels: { targets?: { expr: string }[] }[];
    };
    const asked = board.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
    expect(asked.length).toBeGreaterThan(30);
    const served = await servedNames();
    expect([...namesIn(asked.join('\n'))].filter((name) => !served.has(name))).toEqual([]);
  });

  test('that the rules of Prometheus ask for are served, and every rule says what it is about', async () => {
    const { groups } = parse(read('deploy/monitoring/prometheus-rules.yaml')) as {
      groups: { rules: { alert: string; expr: string; annotations: { summary: string } }[] }[];
    };
    const rules = groups.flatMap((group) => group.rules);
    expect(rules.length).toBeGreaterThan(15);
    expect(rules.every(({ alert, annotations }) => alert && annotations.summary)).toBe(true);
    const served = await servedNames();
    const asked = rules.map(({ expr }) => expr).join('\n');
    expect([...namesIn(asked)].filter((name) => !served.has(name))).toEqual([]);
  });

  test('are all in the guide, and the guide names no other', async () => {
    const guide = namesIn(read('docs/guides/monitoring.md'));
    const served = [...(await servedNames())].filter((name) => name.startsWith('sluice_'));
    const base = served.filter((name) => !/_(bucket|sum|count)$/.test(name));
    expect(base.filter((name) => !guide.has(name))).toEqual([]);
    const all = await servedNames();
    expect([...guide].filter((name) => !all.has(name) && name.startsWith('sluice_'))).toEqual([]);
  });

  test('are served without the database, but for those of it', async () => {
    await sql`alter table delivery_messages rename to delivery_messages_gone`.execute(db.database);
    try {
      const first = await server.app.inject({ url: '/metrics' });
      expect(first.statusCode).toBe(200);
      const { body } = await server.app.inject({ url: '/metrics' });
      expect(body).toContain('sluice_scrape_failures_total{metric="sluice_mails_waiting"} 1');
      expect(body).not.toMatch(/^sluice_mails_waiting \d/m);
      expect(body).toMatch(/^sluice_outbox_waiting 0$/m);
    } finally {
      await sql`alter table delivery_messages_gone rename to delivery_messages`.execute(
        db.database,
      );
    }
  });

  test('hold no id of a customer, a key or a request', async () => {
    const { body } = await server.app.inject({ url: '/metrics' });
    expect(body).not.toMatch(/"(?:org|key|usr|req)_[0-9a-z]{10}/);
  });
});

test('the id of a request leads to its line in the log and its entry in the audit log', async () => {
  const session = await server.app.inject({
    ...{ method: 'POST', url: '/api/v1/auth/login' },
    payload: { login: operator.email, password: operator.password },
  });
  const rule = { metric: 'calls', window_minutes: 60, condition: 'above', threshold: '1000' };
  const created = await server.app.inject({
    ...{ method: 'POST', url: '/api/v1/admin/alert-rules', payload: rule },
    headers: { authorization: `Bearer ${session.json().access_token}` },
  });
  expect(created.statusCode).toBe(201);
  const requestId = created.headers['x-request-id'];
  expect(requestId).toMatch(/^req_/);
  expect(lines).toContainEqual(
    expect.objectContaining({ requestId, route: '/api/v1/admin/alert-rules', status: 201 }),
  );
  const { rows } = await sql<{ action: string; resource_id: string }>`
    select action, resource_id from audit_entries where request_id = ${requestId}
  `.execute(db.database);
  expect(rows).toEqual([{ action: 'alert_rule.create', resource_id: created.json().id }]);
});
