/** A small shop for tests: a database, one customer, Credit at a gateway, and an HTTP server that hears it. */

import type { Context } from '../../../platform/context.ts';
import type { Listener } from '../../../platform/events.ts';
import { createHttpApp } from '../../../platform/http/app.ts';
import type { Caller } from '../../../platform/http/caller.ts';
import { createRoutes } from '../../../platform/http/routes.ts';
import { createLog } from '../../../platform/log.ts';
import { createTestDatabase, type TestDatabase } from '../../../platform/testkit/database.ts';
import { type OtherProcess, startOtherProcess } from '../../../platform/testkit/other-process.ts';
import {
  type TestPlatform,
  testContext,
  testPlatform,
} from '../../../platform/testkit/platform.ts';
import { openFunds } from '../../ledger/index.ts';
import { registerPayments, updateProvider } from '../../payments/index.ts';
import { registerInvoicing } from '../http.ts';
import { invoicingListeners } from '../listeners.ts';
import { topUpWallet } from '../operations/top-up-wallet.ts';

export interface Gateway {
  port: number;
  credit: { pid: string; key: string };
}

export interface Shop {
  db: TestDatabase;
  platform: TestPlatform;
  context: Context;
  organizationId: string;
  publicUrl: string;
  gatewayUrl: string;
  /** Lines of the log, parsed. */
  logged: Record<string, unknown>[];
  topUp(amount: string, currency?: string): ReturnType<typeof topUpWallet>;
  /** Goes to the pay page and decides there; resolves when the notifications had their first answer. */
  visit(next: { type: string; url?: string | null }, outcome?: 'paid' | 'declined'): Promise<void>;
  /** Bends one order at the gateway, or tells what its payer does. */
  steer(number: string, steering: Record<string, unknown>): Promise<void>;
  notify(fields: Record<string, string> | string, method?: 'GET' | 'POST'): Promise<NotifyAnswer>;
  numberOf(paymentId: string): Promise<string>;
  /** A context of another process on the same database; one that is killed has its connections cut at that query. */
  otherProcess(fate?: { diesAtQuery: number }): OtherProcess;
  close(): Promise<void>;
}

export interface NotifyAnswer {
  status: number;
  text: string;
}

export async function openShop(
  gateway: Gateway,
  options: { listeners?: readonly Listener[] } = {},
): Promise<Shop> {
  const db = await createTestDatabase();
  const listeners = [...invoicingListeners, ...(options.listeners ?? [])];
  const platform = testPlatform(db, { listeners });
  const logged: Record<string, unknown>[] = [];
  platform.log = listeningLog(logged);
  const { publicUrl, close } = await serve(platform);
  platform.config.publicUrl = publicUrl;
  const context = testContext(platform);
  const organizationId = 'org_shop';
  await openOrganization(context, organizationId);
  const gatewayUrl = `http://127.0.0.1:${gateway.port}/sandbox/credit`;
  await updateProvider(context, {
    provider: 'credit',
    enabled: true,
    settings: { ...gateway.credit, gateway_url: gatewayUrl, rates: { USD: '7.2', CNY: '1' } },
  });
  return {
    db,
    platform,
    context,
    organizationId,
    publicUrl,
    gatewayUrl,
    logged,
    topUp: (amount, currency = 'USD') =>
      topUpWallet(context, {
        organizationId,
        amount,
        currency,
        provider: 'credit',
        returnUrl: undefined,
      }),
    visit,
    steer: (number, steering) => post(`${gatewayUrl}/orders/${number}`, steering),
    notify: (fields, method) => notify(`${publicUrl}/api/v1/webhooks/credit`, fields, method),
    numberOf: (paymentId) => numberOf(db, paymentId),
    otherProcess: (fate) => startOtherProcess(db, platform, fate),
    async close() {
      await close();
      await db.close();
    },
  };
}

const timeZone = 'Asia/Shanghai';

/** One more customer. */
export async function openOrganization(context: Context, id: string): Promise<void> {
  await context.database.transaction().execute(async (transaction) => {
    await transaction
      .withTables<{ identity_organizations: Record<string, unknown> }>()
      .insertInto('identity_organizations')
      .values({
        id,
        name: 'A typical customer',
        status: 'active',
        time_zone: timeZone,
        created_at: context.clocks.business(),
      })
      .execute();
    await openFunds(context, transaction, id, timeZone);
  });
}

async function serve(platform: TestPlatform) {
  const { config, clocks } = platform;
  const app = await createHttpApp({ config, clocks, log: createLog('silent') });
  const anonymous: Caller = { kind: 'anonymous' };
  const routes = createRoutes(app, { platform, authenticate: async () => anonymous });
  registerPayments(routes);
  registerInvoicing(routes);
  const publicUrl = await app.listen({ port: 0, host: '127.0.0.1' });
  return { publicUrl, close: () => app.close() };
}

function listeningLog(logged: Record<string, unknown>[]) {
  const log = createLog('debug', {
    write(line: string) {
      logged.push(JSON.parse(line));
      return true;
    },
  } as NodeJS.WritableStream);
  return log;
}

async function visit(
  next: { type: string; url?: string | null },
  outcome: 'paid' | 'declined' = 'paid',
): Promise<void> {
  const submitted = await fetch(String(next.url), { redirect: 'manual' });
  const page = submitted.headers.get('location');
  if (submitted.status !== 302 || !page) {
    throw new Error(`the gateway refused the order: ${await submitted.text()}`);
  }
  const body = new URLSearchParams({ outcome });
  await fetch(page, { method: 'POST', body, redirect: 'manual' });
}

async function post(url: string, body: Record<string, unknown>): Promise<void> {
  const answer = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`the gateway refused the steering: ${await answer.text()}`);
}

async function notify(
  url: string,
  fields: Record<string, string> | string,
  method: 'GET' | 'POST' = 'GET',
): Promise<NotifyAnswer> {
  const text = typeof fields === 'string' ? fields : new URLSearchParams(fields).toString();
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const answer =
    method === 'GET'
      ? await fetch(`${url}?${text}`)
      : await fetch(url, { method, headers, body: text });
  return { status: answer.status, text: await answer.text() };
}

async function numberOf(db: TestDatabase, paymentId: string): Promise<string> {
  const { number } = await db.database
    .withTables<{ payments_attempts: { id: string; number: string } }>()
    .selectFrom('payments_attempts')
    .select('number')
    .where('id', '=', paymentId)
    .executeTakeFirstOrThrow();
  return number;
}
