/** An application that reports usage over HTTP, with meters of every aggregation. */
import type { FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import type { Logger } from 'pino';
import { expect } from 'vitest';
import { Refusal } from '../../../platform/errors.ts';
import { createHttpApp } from '../../../platform/http/app.ts';
import type { Caller } from '../../../platform/http/caller.ts';
import { createRoutes } from '../../../platform/http/routes.ts';
import type { TestDatabase } from '../../../platform/testkit/database.ts';
import type { TestPlatform } from '../../../platform/testkit/platform.ts';
import { type Access, createAccess } from '../../access/index.ts';
import { createAccessFixture } from '../../access/testkit/access-fixture.ts';
import { createMeterBook, createPriceBook } from '../../catalog/index.ts';
import { registerMetering, registerReporting } from '../index.ts';

export const applicationId = 'app_fixture';
export const application: Caller = {
  kind: 'application',
  applicationId,
  applicationKeyId: 'apk_fixture',
};

const meters = [
  { key: 'analyses', aggregation: 'count', unit: 'count', kind: 'flow' },
  { key: 'pages', aggregation: 'sum', unit: 'count', kind: 'flow' },
  { key: 'seats', aggregation: 'max', unit: 'count', kind: 'flow' },
  { key: 'visitors', aggregation: 'unique', unit: 'count', kind: 'flow', property: 'user' },
  { key: 'version', aggregation: 'latest', unit: 'count', kind: 'flow' },
  { key: 'storage', aggregation: 'sum', unit: 'gb', kind: 'level' },
  { key: 'instances', aggregation: 'weighted_sum', unit: 'count', kind: 'level' },
];

export interface ReportingFixture {
  app: FastifyInstance;
  access: Access;
  /** Who calls from now on. */
  setCaller(caller: Caller): void;
  /** An organization of that zone, named by its id. */
  organization(timeZone?: string, wallet?: bigint): Promise<string>;
  report(
    events: unknown,
    expected?: number,
  ): Promise<{ id: string; status: string; code?: string; message?: string }[]>;
  get(organizationId: string, url: string): Promise<{ data: Record<string, unknown>[] }>;
  close(): Promise<void>;
}

export async function createReportingFixture(
  db: TestDatabase,
  platform: TestPlatform,
): Promise<ReportingFixture> {
  await insertMeters(db);
  const funds = await createAccessFixture(platform);
  const access = createAccess(platform, { url: db.url });
  const { config, clocks, log } = platform;
  const app = await createHttpApp({ config, clocks, log: log as Logger });
  let caller = application;
  const routes = createRoutes(app, { platform, authenticate: async () => caller });
  const book = await createMeterBook(platform);
  const known = new Set<string>();
  registerMetering(routes, book);
  registerReporting(routes, {
    meters: book,
    prices: await createPriceBook(platform),
    settleReported: (call) => access.settle(call),
    async resolveSubject(_application, { organization, user }) {
      if (organization === undefined || !known.has(organization)) {
        throw new Refusal('subject_unknown', 'Register the subject first.');
      }
      return { organizationId: organization, userId: user ?? null, key: null };
    },
  });
  return {
    app,
    access,
    setCaller(next) {
      caller = next;
    },
    async organization(timeZone = 'UTC', wallet = 0n) {
      const id = await funds.organization(wallet);
      await insertOrganization(db, id, timeZone);
      known.add(id);
      return id;
    },
    async report(events, expected = 200) {
      const url = '/api/v1/billing/usage/events';
      const answer = await app.inject({ method: 'POST', url, payload: events as object });
      expect(answer.statusCode, answer.body).toBe(expected);
      return answer.json().data;
    },
    async get(organizationId, url) {
      const before = caller;
      caller = { kind: 'api_key', apiKeyId: 'key_fixture', organizationId };
      const answer = await app.inject({ method: 'GET', url: `/api/v1/billing/${url}` });
      caller = before;
      expect(answer.statusCode, answer.body).toBe(200);
      return answer.json();
    },
    async close() {
      await app.close();
      await access.close();
    },
  };
}

async function insertMeters(db: TestDatabase): Promise<void> {
  for (const { key, aggregation, unit, kind, property } of meters) {
    await sql`
      insert into catalog_meters (
        id, application_id, application_slug, key, name, aggregation, unit, kind, property, requires_quota,
        status, created_at, updated_at
      )
      values (
        ${`mtr_${key}`}, ${applicationId}, 'medical', ${key}, ${key}, ${aggregation}, ${unit}, ${kind},
        ${property ?? null}, false, 'active', 'epoch', 'epoch'
      )
    `.execute(db.database);
  }
}

async function insertOrganization(db: TestDatabase, id: string, timeZone: string): Promise<void> {
  await sql`
    insert into identity_organizations (id, name, status, time_zone, created_at)
    values (${id}, 'Clinic', 'active', ${timeZone}, '2026-01-01T00:00:00Z')
  `.execute(db.database);
  await sql`
    update ledger_organizations
    set time_zone = ${timeZone}
    where organization_id = ${id}
  `.execute(db.database);
}
