/** Organizations with funds, and calls, for tests of access. */
import { type Context, type Platform, systemContext } from '../../../platform/context.ts';
import { newId } from '../../../platform/ids.ts';
import { addDays, type Clocks } from '../../../platform/time.ts';
import { grantPackageAllowances } from '../../entitlements/index.ts';
import {
  ensureTransferPartitions,
  openFunds,
  openGrant,
  postTransfers,
} from '../../ledger/index.ts';
import { ensureUsagePartitions } from '../../metering/index.ts';
import type { AuthorizeCommand, SettleCommand } from '../core/commands.ts';
import { insertMeter, insertQuota, type MeterTerms, type QuotaTerms } from './quota-store.ts';

export interface AccessFixture {
  context: Context;
  /** An organization with so much in its wallet. */
  organization(wallet?: bigint, timeZone?: string): Promise<string>;
  /** A quota from now on, of the organization's unless told otherwise; answers its id. */
  quota(organizationId: string, terms: QuotaTerms): Promise<string>;
  /** A meter of an application; answers its id. */
  meter(aggregation: string, terms?: MeterTerms): Promise<string>;
  topUp(organizationId: string, amount: bigint): Promise<void>;
  grant(
    organizationId: string,
    amount: bigint,
    terms?: { priority?: number; expiresAt?: Date },
  ): Promise<string>;
  /** Buys a package now. */
  buyPackage(
    organizationId: string,
    dailyLimit: bigint,
    terms?: { durationDays?: number; timeZone?: string },
  ): Promise<string>;
  /** A call that begins now and holds all of `worstCase`, unless told otherwise. */
  call(
    organizationId: string,
    worstCase: bigint,
    changes?: Partial<AuthorizeCommand>,
  ): AuthorizeCommand;
}

const holdMs = 120_000;

export async function createAccessFixture(platform: Platform): Promise<AccessFixture> {
  const context = systemContext(platform, 'req_fixture');
  const { clocks, database } = platform;
  const currency = platform.config.usageCurrency;
  const now = clocks.business();
  await ensureTransferPartitions(database, now, addDays(now, 40, 'UTC'));
  await ensureUsagePartitions(database, now, addDays(now, 40, 'UTC'));

  const topUp = (organizationId: string, amount: bigint) =>
    database.transaction().execute((transaction) =>
      postTransfers(context, transaction, organizationId, [
        {
          debit: 'world',
          credit: 'wallet',
          amount: { amount, currency },
          kind: 'top_up',
          reference: 'inv_fixture',
        },
      ]),
    );
  return {
    context,
    topUp,
    async organization(wallet = 0n, timeZone = 'UTC') {
      const id = newId('org', clocks.business());
      await database
        .transaction()
        .execute((transaction) => openFunds(context, transaction, id, timeZone));
      if (wallet > 0n) await topUp(id, wallet);
      return id;
    },
    quota: (organizationId, terms) =>
      database
        .transaction()
        .execute((transaction) =>
          insertQuota(transaction, organizationId, terms, clocks.business()),
        ),
    meter: (aggregation, terms) => insertMeter(database, aggregation, clocks.business(), terms),
    async grant(organizationId, amount, terms = {}) {
      const { id } = await database.transaction().execute((transaction) =>
        openGrant(context, transaction, {
          organizationId,
          amount: { amount, currency },
          priority: terms.priority ?? 0,
          expiresAt: terms.expiresAt ?? null,
          reference: 'gift',
        }),
      );
      return id;
    },
    async buyPackage(organizationId, dailyLimit, terms = {}) {
      const organizationPackageId = newId('opk', clocks.business());
      await database.transaction().execute((transaction) =>
        grantPackageAllowances(context, transaction, {
          organizationId,
          organizationPackageId,
          packageId: 'pkg_fixture',
          packageName: 'Starter',
          dailyLimit: { amount: dailyLimit, currency },
          startsAt: clocks.business(),
          durationDays: terms.durationDays ?? 30,
          timeZone: terms.timeZone ?? 'UTC',
        }),
      );
      return organizationPackageId;
    },
    call: (organizationId, worstCase, changes) =>
      newCall(clocks, organizationId, worstCase, changes),
  };
}

function newCall(
  clocks: Clocks,
  organizationId: string,
  worstCase: bigint,
  changes: Partial<AuthorizeCommand> = {},
): AuthorizeCommand {
  return {
    requestId: newId('req', clocks.business()),
    organizationId,
    apiKeyId: 'key_fixture',
    userId: 'usr_fixture',
    costCenterId: null,
    applicationId: null,
    tokens: 100,
    meters: [],
    model: 'gpt-4o-mini',
    priceId: 'mpr_fixture',
    worstCase,
    minimum: worstCase,
    authorizedAt: clocks.business(),
    expiresAt: new Date(clocks.wall().getTime() + holdMs),
    durable: false,
    ...changes,
  };
}

/** The settle of a call that cost so much. */
export function settleOf(call: AuthorizeCommand, amount: bigint): SettleCommand {
  const { requestId, organizationId, apiKeyId, userId, costCenterId, applicationId } = call;
  const { model, priceId, authorizedAt, meters } = call;
  return {
    requestId,
    organizationId,
    apiKeyId,
    userId,
    costCenterId,
    applicationId,
    tags: [],
    meters: meters.map(({ meterId, quantity }) => ({ meterId, quantity })),
    model,
    priceId,
    authorizedAt,
    amount,
    channel: 'chn_fixture',
    usage: {
      inputTokens: 12,
      cachedInputTokens: 0,
      cacheWriteTokens: 0,
      outputTokens: 34,
      reasoningTokens: 0,
      estimated: false,
    },
    outcome: 'completed',
    latencyMs: 250,
    firstTokenMs: 40,
  };
}
