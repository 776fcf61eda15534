/** Organizations with funds, and calls that use them up. One unit is one USD. */
import { type Access, sweepHolds } from '../server/src/domains/access/index.ts';
import {
  openFunds,
  openGrant,
  postTransfers,
  presentWallet,
  readWallet,
  turnGrants,
} from '../server/src/domains/ledger/index.ts';
import {
  type Context,
  inTransaction,
  type Platform,
  systemContext,
} from '../server/src/platform/context.ts';
import { newId } from '../server/src/platform/ids.ts';
import { formatNanos, parseNanos } from '../server/src/platform/money.ts';

export interface Given {
  wallet?: string;
  grants?: readonly GivenGrant[];
}

export interface GivenGrant {
  amount: string;
  priority?: number;
  expiresInDays?: number;
  /** Given anew each day. */
  daily?: { rolloverMax?: string };
}

export interface Call {
  /** What is held at most. */
  worst: string;
  /** `reject` holds all of it, `cap` any part. */
  short?: 'reject' | 'cap';
  /** What it cost in the end; what was held where left out. */
  cost?: string;
}

/** One customer's funds. */
export interface Funds {
  /** Authorizes and settles; false where it was refused. */
  use(call: Call): Promise<boolean>;
  /** Holds without settling; undefined where it was refused. */
  hold(call: Call, lifeMs?: number): Promise<Held | undefined>;
  /** Gives back what holds whose time is over keep. */
  sweep(): Promise<void>;
  /** What is left of the grants, in the order given, then of the wallet. */
  left(): Promise<{ grants: string[]; wallet: string; owed: string }>;
  /** What may be spent of grants now, less what is owed. */
  credit(): Promise<string>;
  /** So many hours pass, and what is due in them is done. */
  pass(hours: number): Promise<void>;
}

export interface Held {
  amount: string;
  /** Pays that much; says what was paid, and whether it had been before. */
  settle(cost: string): Promise<{ paid: string; isRepeat: boolean }>;
  release(): Promise<void>;
}

const hour = 3_600_000;
const day = 24 * hour;

export interface Engine {
  platform: Platform;
  access: Access;
  /** Moves business time on. */
  advance(ms: number): void;
}

export async function openCustomer(engine: Engine, given: Given): Promise<Funds> {
  const { platform } = engine;
  const context = systemContext(platform, 'req_conformance');
  const organizationId = newId('org', platform.clocks.business());
  const ids = await openFundsOf(context, organizationId, given);
  const hold = (call: Call, lifeMs = 60_000) => holdFor(engine, organizationId, call, lifeMs);
  return {
    hold,
    async use(call) {
      const held = await hold(call);
      await held?.settle(call.cost ?? held.amount);
      return held !== undefined;
    },
    async sweep() {
      await sweepHolds(platform);
    },
    async left() {
      const funds = await readWallet(platform.database, organizationId);
      const grantLeft = (id: string) =>
        formatNanos(funds.grants.find((grant) => grant.id === id)?.available ?? 0n, 0);
      return {
        grants: ids.map(grantLeft),
        wallet: formatNanos(funds.available, 0),
        owed: formatNanos(funds.owed, 0),
      };
    },
    async credit() {
      const at = platform.clocks.business();
      const { grants: open, owed } = presentWallet(
        await readWallet(platform.database, organizationId),
        at,
      );
      const total = open.reduce((sum, { available }) => sum + parseNanos(available), 0n);
      return formatNanos(total - parseNanos(owed), 0);
    },
    async pass(hours) {
      engine.advance(hours * hour);
      await turnGrants(context);
    },
  };
}

async function holdFor(
  { platform: { clocks }, access }: Engine,
  organization: string,
  { worst, short = 'reject' }: Call,
  lifeMs: number,
): Promise<Held | undefined> {
  const at = clocks.business();
  const call = {
    ...{ requestId: newId('req', at), organizationId: organization, apiKeyId: null },
    ...{
      userId: null,
      costCenterId: null,
      applicationId: null,
      model: 'example',
      priceId: 'mpr_example',
    },
    ...{ authorizedAt: at, meters: [] },
  };
  const answer = await access.authorize({
    ...{ ...call, tokens: 0, worstCase: parseNanos(worst), durable: true },
    minimum: short === 'cap' ? 1n : parseNanos(worst),
    expiresAt: new Date(clocks.wall().getTime() + lifeMs),
  });
  if (!answer.permitted) return undefined;
  return {
    amount: formatNanos(answer.held, 0),
    async settle(cost) {
      const { parts, repeated } = await access.settle({
        ...{ ...call, tags: [], channel: null, amount: parseNanos(cost), usage: noTokens },
        ...{ outcome: 'completed', latencyMs: null, firstTokenMs: null },
      });
      const paid = parts.reduce((sum, part) => sum + part.amount, 0n);
      return { paid: formatNanos(paid, 0), isRepeat: repeated };
    },
    async release() {
      await access.release({ requestId: call.requestId, organizationId: organization });
    },
  };
}

/** Gives an organization its funds; answers the ids of its grants. */
async function openFundsOf(
  context: Context,
  organizationId: string,
  { wallet = '0', grants = [] }: Given,
): Promise<string[]> {
  const now = context.clocks.business();
  const currency = context.config.usageCurrency;
  return inTransaction(context, async (transaction) => {
    await openFunds(context, transaction, organizationId);
    const opened: string[] = [];
    for (const { amount, priority = 0, expiresInDays, daily } of grants) {
      const { id } = await openGrant(context, transaction, {
        ...{ organizationId, amount: { amount: parseNanos(amount), currency }, priority },
        expiresAt: expiresInDays === undefined ? null : new Date(+now + expiresInDays * day),
        reference: 'example',
        recurrence: daily
          ? {
              interval: { unit: 'day', count: 1 },
              rolloverMax: parseNanos(daily.rolloverMax ?? '0'),
            }
          : null,
      });
      opened.push(id);
    }
    if (parseNanos(wallet) > 0n) {
      const amount = { amount: parseNanos(wallet), currency };
      await postTransfers(context, transaction, organizationId, [
        { debit: 'world', credit: 'wallet', amount, kind: 'top_up', reference: 'example' },
      ]);
    }
    return opened;
  });
}

const noTokens = {
  ...{ inputTokens: 0, cachedInputTokens: 0, cacheWriteTokens: 0 },
  ...{ outputTokens: 0, reasoningTokens: 0, estimated: false },
};
