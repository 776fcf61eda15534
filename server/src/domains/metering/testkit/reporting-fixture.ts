/** An application that reports usage over HTTP, with meters of every aggregation. */
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { expect } from 'vitest';
import { Refusal } from '../../../platform/errors.ts';
import { createHttpApp } from '../../../platform/http/app.ts';
import type { Caller } from '../../../platform/http/caller.ts';
import { createRoutes } from '../../../platform/http/routes.ts';
import { userCaller } from '../../../platform/testkit/callers.ts';
import type { TestPlatform } from '../../../platform/testkit/platform.ts';
import { createMeterBook, createPriceBook } from '../../catalog/index.ts';
import { registerMetering, registerReporting, type SettleReported } from '../index.ts';
import { insertMeters, insertOrganization } from './reporting-store.ts';

export const applicationId = 'app_fixture';
/** The member and tags of the key of every customer. */
export const keyFixture = { userId: 'usr_key', costCenterId: 'cct_key', tags: ['team:radiology'] };
export const application: Caller = {
  kind: 'application',
  applicationId,
  applicationKeyId: 'apk_fixture',
};

/** What pays for calls, which a higher domain does. */
export interface Payer {
  settle: SettleReported;
  organization(wallet: bigint): Promise<string>;
  close(): Promise<void>;
}

export interface ReportingFixture {
  app: FastifyInstance;
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
  platform: TestPlatform,
  payer: Payer,
): Promise<ReportingFixture> {
  const { config, clocks, database, log } = platform;
  await insertMeters(database, applicationId);
  const app = await createHttpApp({ config, clocks, log: log as Logger });
  let caller = application;
  const routes = createRoutes(app, { platform, authenticate: async () => caller });
  const book = await createMeterBook(platform);
  const known = new Set<string>();
  registerMetering(routes, book);
  registerReporting(routes, {
    meters: book,
    prices: await createPriceBook(platform),
    settleReported: payer.settle,
    findKey: async () => keyFixture,
    async resolveSubject(_application, { organization, user }) {
      if (organization === undefined || !known.has(organization)) {
        throw new Refusal('subject_unknown', 'Register the subject first.');
      }
      return { organizationId: organization, userId: user ?? null, costCenterId: null, key: null };
    },
  });
  return {
    app,
    setCaller(next) {
      caller = next;
    },
    async organization(timeZone = 'UTC', wallet = 0n) {
      const id = await payer.organization(wallet);
      await insertOrganization(database, id, timeZone);
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
      caller = userCaller({ organizationId });
      const answer = await app.inject({ method: 'GET', url: `/api/v1/billing/${url}` });
      caller = before;
      expect(answer.statusCode, answer.body).toBe(200);
      return answer.json();
    },
    async close() {
      await app.close();
      await payer.close();
    },
  };
}
