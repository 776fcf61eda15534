/** A gateway as it runs: HTTP in front, a real database behind, and the sandbox's language model as its upstream. */
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { createHttpApp } from '../../../platform/http/app.ts';
import { createTestDatabase } from '../../../platform/testkit/database.ts';
import {
  type TestPlatform,
  testContext,
  testPlatform,
} from '../../../platform/testkit/platform.ts';
import { createAccess, createRates } from '../../access/index.ts';
import {
  createMeterBook,
  createModelPrice,
  createPriceBook,
  type PriceBook,
} from '../../catalog/index.ts';
import { createTermsBook, entitlementsListeners, setOverride } from '../../entitlements/index.ts';
import { createKeyring } from '../../identity/index.ts';
import { ensureTransferPartitions, readWallet } from '../../ledger/index.ts';
import { ensureUsagePartitions, findReceipt } from '../../metering/index.ts';
import type { Dialect } from '../core/dialect.ts';
import { createChannels, type RunningGateway, registerGateway } from '../index.ts';
import type { GatewayLimits } from '../limits.ts';
import { createChannel } from '../operations/create-channel.ts';
import { type CustomerOptions, makeCustomer } from './customer-fixture.ts';
import { countHolds, findHoldExpiry, listUsage } from './customer-store.ts';
import { startSandbox } from './sandbox-fixture.ts';

export type GatewayFixture = Awaited<ReturnType<typeof startGateway>>;

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
  dialect?: Dialect;
  cost?: { factor: string };
  proxy_url?: string;
}

type QuotaOptions = Omit<Parameters<typeof setOverride>[1], 'organizationId' | 'hard'>;
type PriceCommand = Parameters<typeof createModelPrice>[1];

export interface PriceOptions {
  model?: string;
  /** The round ones, when left out. */
  prices?: PriceCommand['prices'];
  tiers?: NonNullable<PriceCommand['tiers']>;
  maxOutputTokens?: number | null;
  service_tiers?: NonNullable<PriceCommand['service_tiers']>;
}

export const model = 'gpt-4o-mini';
/** Round figures: a token of input costs one micro-dollar, one of output ten. */
const roundPrices = { input: '1', cached_input: '0.5', output: '10' };

interface GatewayOptions {
  limits?: Partial<GatewayLimits>;
  registry?: Registry;
  platform?: Partial<Pick<TestPlatform, 'log' | 'tracing'>>;
}

/** Starts everything; a test file does so once. */
export async function startGateway(options: GatewayOptions = {}) {
  const db = await createTestDatabase();
  const platform = {
    ...testPlatform(db, { listeners: entitlementsListeners }),
    ...options.platform,
  };
  await preparePartitions(platform);
  const sandbox = await startSandbox();
  const prices = await createPriceBook(platform);
  const meters = await createMeterBook(platform);
  const keyring = createKeyring(platform);
  const channels = await createChannels(platform);
  const terms = createTermsBook(platform);
  await platform.notifications.start(db.url);
  const access = createAccess(platform, { url: db.url });
  const { config, clocks, log } = platform;
  const app = await createHttpApp({ config, clocks, log: log as Logger });
  const limits = { tickMs: 20, ...options.limits };
  const rates = createRates(platform);
  const services = { access, keyring, prices, meters, channels, rates, terms };
  const gateway = registerGateway(app, {
    platform,
    ...services,
    limits,
    registry: options.registry,
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  return {
    url,
    platform,
    access,
    gateway,
    sandbox,
    channels,
    prices,
    customer: (customer: CustomerOptions = {}) => makeCustomer(platform, customer),
    price: (priced: PriceOptions) => makePrice(platform, prices, priced),
    async channel(channel: ChannelOptions = {}) {
      const row = await createChannel(testContext(platform), settingsOf(sandbox, channel));
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
    limit: (organizationId: string, quota: QuotaOptions) =>
      setOverride(testContext(platform), { organizationId, hard: true, ...quota }),
    ...books(platform, gateway),
    async close() {
      await gateway.close();
      rates.close();
      await app.close();
      await access.close();
      await keyring.close();
      await platform.notifications.close();
      await sandbox.stop();
      await db.close();
    },
  };
}

/** What the books say, once no call is in flight any more. */
function books({ database }: TestPlatform, gateway: RunningGateway) {
  return {
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
      return listUsage(database, organizationId);
    },
    /** Once no call is in flight, what was counted of them is written. */
    async flushService() {
      await idle(gateway);
      await gateway.flushService();
    },
    holdExpiry: () => findHoldExpiry(database),
    async holds() {
      await idle(gateway);
      return countHolds(database);
    },
  };
}

async function preparePartitions({ database, clocks }: TestPlatform): Promise<void> {
  const from = clocks.business();
  const to = new Date(from.getTime() + 40 * 86_400_000);
  await ensureUsagePartitions(database, from, to);
  await ensureTransferPartitions(database, from, to);
}

async function makePrice(platform: TestPlatform, book: PriceBook, priced: PriceOptions) {
  const { maxOutputTokens = 100, tiers, service_tiers } = priced;
  const version = await createModelPrice(testContext(platform), {
    model: priced.model ?? model,
    prices: priced.prices ?? roundPrices,
    max_output_tokens: maxOutputTokens,
    ...(tiers ? { tiers } : {}),
    ...(service_tiers ? { service_tiers } : {}),
  });
  await book.load();
  return version;
}

function settingsOf(sandbox: { origin: string; key: string }, options: ChannelOptions) {
  const { label, baseUrl, apiKey, name = 'primary', models = [model], ...rest } = options;
  return {
    name,
    dialect: 'openai' as const,
    base_url: baseUrl ?? `${sandbox.origin}/sandbox/upstream/v1`,
    api_key: apiKey ?? (label ? `${sandbox.key}.${label}` : sandbox.key),
    models,
    ...rest,
  };
}

/** Calls go on after their callers left; this waits for the last of them. */
async function idle(gateway: { inFlight(): number }): Promise<void> {
  for (let turn = 0; gateway.inFlight() > 0; turn += 1) {
    if (turn > 2000) throw new Error('a call never ended');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
