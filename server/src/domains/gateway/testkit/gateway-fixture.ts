/** A gateway as it runs: HTTP in front, a real database behind, and the sandbox's language model as its upstream. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import { newSecret, sha256 } from '../../../platform/crypto.ts';
import { createHttpApp } from '../../../platform/http/app.ts';
import { newId } from '../../../platform/ids.ts';
import { parseNanos } from '../../../platform/money.ts';
import { createTestDatabase } from '../../../platform/testkit/database.ts';
import {
  type TestPlatform,
  testContext,
  testPlatform,
} from '../../../platform/testkit/platform.ts';
import { createAccess } from '../../access/index.ts';
import { createModelPrice, createPriceBook } from '../../catalog/index.ts';
import { createKeyring } from '../../identity/index.ts';
import {
  ensureTransferPartitions,
  openAllowances,
  openFunds,
  postTransfers,
  readWallet,
} from '../../ledger/index.ts';
import { ensureUsagePartitions, findReceipt } from '../../metering/index.ts';
import { createChannels, registerGateway } from '../index.ts';
import type { GatewayLimits } from '../limits.ts';
import { createChannel } from '../operations/create-channel.ts';
import { countHolds, countUsage, insertCustomer } from './customer-store.ts';

export type GatewayFixture = Awaited<ReturnType<typeof startGateway>>;

export interface CustomerOptions {
  /** What is in the wallet, in dollars. */
  wallet?: string;
  /** Today's allowance of a package, in dollars. */
  allowance?: string;
  status?: 'active' | 'past_due' | 'suspended';
  allowedModels?: string[];
  expiresAt?: Date;
  isRevoked?: boolean;
}

export interface ChannelOptions {
  name?: string;
  baseUrl?: string;
  apiKey?: string;
  /** A label of the sandbox's key, by which its calls are told apart. */
  label?: string;
  models?: string[];
  aliases?: Record<string, string>;
  weight?: number;
  priority?: number;
  concurrency?: number;
}

export const model = 'gpt-4o-mini';
/** Round figures: a token of input costs one micro-dollar, one of output ten. */
const prices = { input: '1', cached_input: '0.5', output: '10' };

export async function startGateway(options: { limits?: Partial<GatewayLimits> } = {}) {
  const db = await createTestDatabase();
  const platform = testPlatform(db);
  const { database, clocks } = platform;
  const from = clocks.business();
  const to = new Date(from.getTime() + 40 * 86_400_000);
  await ensureUsagePartitions(database, from, to);
  await ensureTransferPartitions(database, from, to);
  const sandbox = await startSandbox();
  const priceBook = await createPriceBook(platform);
  const keyring = createKeyring(platform);
  const channels = await createChannels(platform);
  await platform.notifications.start(db.url);
  const access = createAccess(platform, { url: db.url });
  const log = platform.log as Logger;
  const app = await createHttpApp({ config: platform.config, clocks, log });
  const limits = { tickMs: 20, ...options.limits };
  const gateway = registerGateway(app, {
    platform,
    access,
    keyring,
    prices: priceBook,
    channels,
    limits,
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  const context = testContext(platform);

  return {
    url,
    platform,
    access,
    gateway,
    sandbox,
    customer: (customer: CustomerOptions = {}) => makeCustomer(platform, customer),
    /** Gives a model a price; by default the round one. */
    async price(priced: {
      model?: string;
      prices?: Parameters<typeof createModelPrice>[1]['prices'];
      tiers?: Parameters<typeof createModelPrice>[1]['tiers'];
      maxOutputTokens?: number | null;
    }) {
      const { maxOutputTokens = 100, tiers } = priced;
      const version = await createModelPrice(context, {
        model: priced.model ?? model,
        prices: priced.prices ?? prices,
        max_output_tokens: maxOutputTokens,
        ...(tiers ? { tiers } : {}),
      });
      await priceBook.load();
      return version;
    },
    async channel(channel: ChannelOptions = {}) {
      const { label } = channel;
      const row = await createChannel(context, {
        name: channel.name ?? 'primary',
        dialect: 'openai',
        base_url: channel.baseUrl ?? `${sandbox.origin}/sandbox/upstream/v1`,
        api_key: channel.apiKey ?? (label ? `${sandbox.key}.${label}` : sandbox.key),
        models: channel.models ?? [model],
        ...(channel.aliases ? { aliases: channel.aliases } : {}),
        ...(channel.weight === undefined ? {} : { weight: channel.weight }),
        ...(channel.priority === undefined ? {} : { priority: channel.priority }),
        ...(channel.concurrency === undefined ? {} : { concurrency: channel.concurrency }),
      });
      await channels.load();
      return row;
    },
    /** Posts a chat completion; a string is sent as it is. */
    chat(secret: string, body: object | string, init: RequestInit = {}) {
      return fetch(`${url}/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
        body: typeof body === 'string' ? body : JSON.stringify(body),
        ...init,
      });
    },
    /** The bill of a call, once nothing is in flight any more. */
    async receipt(requestId: string | null) {
      await idle(gateway);
      return findReceipt(database, requestId ?? '');
    },
    async funds(organizationId: string) {
      await idle(gateway);
      return readWallet(database, organizationId);
    },
    async bills(organizationId: string) {
      await idle(gateway);
      return countUsage(database, organizationId);
    },
    async holds() {
      await idle(gateway);
      return countHolds(database);
    },
    async close() {
      await gateway.close();
      await app.close();
      await access.close();
      await keyring.close();
      await platform.notifications.close();
      await sandbox.stop();
      await db.close();
    },
  };
}

/** Calls go on after their callers left; this waits for the last of them. */
async function idle(gateway: { inFlight(): number }): Promise<void> {
  for (let turn = 0; gateway.inFlight() > 0; turn += 1) {
    if (turn > 2000) throw new Error('a call never ended');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

let customers = 0;

async function makeCustomer(platform: TestPlatform, options: CustomerOptions) {
  const { clocks } = platform;
  const at = clocks.business();
  const secret = newSecret('sk-');
  customers += 1;
  const organizationId = newId('org', at);
  const apiKeyId = newId('key', at);
  const context = testContext(platform);
  await platform.database.transaction().execute(async (transaction) => {
    await insertCustomer(transaction, {
      organizationId,
      organizationStatus: options.status ?? 'active',
      userId: newId('usr', at),
      apiKeyId,
      secretHash: sha256(secret),
      allowedModels: options.allowedModels ?? null,
      expiresAt: options.expiresAt ?? null,
      isRevoked: options.isRevoked ?? false,
      at,
    });
    await openFunds(context, transaction, organizationId);
    const wallet = parseNanos(options.wallet ?? '1');
    if (wallet > 0n) {
      await postTransfers(context, transaction, organizationId, [
        {
          debit: 'world',
          credit: 'wallet',
          amount: { amount: wallet, currency: 'USD' },
          kind: 'top_up',
          reference: `test-${customers}`,
        },
      ]);
    }
    if (options.allowance === undefined) return;
    const closesAt = new Date(at.getTime() + 86_400_000);
    await openAllowances(context, transaction, organizationId, [
      {
        organizationPackageId: newId('opk', at),
        day: 0,
        amount: { amount: parseNanos(options.allowance), currency: 'USD' },
        opensAt: at,
        closesAt,
        pause: null,
        spendBefore: closesAt,
      },
    ]);
  });
  return { organizationId, apiKeyId, secret };
}

/** The sandbox's own process: the product never imports its code. */
async function startSandbox() {
  const main = new URL('../../../../../sandbox/src/main.ts', import.meta.url);
  const child: ChildProcess = fork(main, { stdio: 'ignore', execArgv: [] });
  const [{ ready }] = (await once(child, 'message')) as [
    { ready: { port: number; upstream_key: string } },
  ];
  const origin = `http://127.0.0.1:${ready.port}`;
  return {
    origin,
    key: ready.upstream_key,
    /** Bends the calls of a key's label; see the sandbox's README. */
    async bend(label: string, scenario: string) {
      const response = await fetch(`${origin}/sandbox/upstream/scenario`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ key: label, scenario }),
      });
      if (!response.ok) throw new Error(await response.text());
    },
    /** What the upstream served under a label, newest first. */
    async calls(label: string): Promise<{ outcome: string; tokens_sent: number; model: string }[]> {
      const response = await fetch(`${origin}/sandbox/upstream/calls?key=${label}`);
      return ((await response.json()) as { data: never[] }).data;
    },
    async stop() {
      const exit = once(child, 'exit');
      child.kill('SIGTERM');
      await exit;
    },
  };
}
