import { createHash } from 'node:crypto';
import type { AnswerOf, BodyOf } from '@sluice/contract/endpoint';
import type { rerateModel as endpoint } from '@sluice/contract/reratings';
import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { Refusal } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import { formatMoney } from '../../../platform/money.ts';
import { recordAudit } from '../../audit/index.ts';
import { readPriceTerms } from '../../catalog/index.ts';
import { type Resumable, type RunningOperation, runOperation } from '../../jobs/index.ts';
import { postTransfers } from '../../ledger/index.ts';
import { addFigures, noFigures, type RerateFigures, rerate } from '../core/rerating.ts';
import {
  findReratings,
  insertRerating,
  lockReratings,
  type ReratingRow,
} from '../reratings-store.ts';
import { eachCall } from './each-call.ts';
import { sumUsage } from './sum-usage.ts';

/** So many calls are read in some seconds. */
const callsMax = 100_000;
/** Behind so many it is told how far it has come. */
const callsPerBatch = 2_000;
/** A settle that began earlier has long been written, so that two readings see the same calls. */
const settlingMs = 5 * 60_000;

type Rerating = AnswerOf<typeof endpoint>;
type Asked = Pick<ReratingRow, 'model' | 'from' | 'to' | 'terms' | 'settledBefore'>;
type Parts = Map<string, RerateFigures>;

const kind = 'metering.rerating';

/** One that was stopped or died before it gave anything back begins again; one that was done answers what it did. */
export const reratings: Resumable = {
  kind,
  resume: (context, { input }) => rerateModel(context, input as BodyOf<typeof endpoint>),
};

/**
 * Rates a model's calls of a time again, and gives back to wallets what was too much. All of it is one transaction: a
 * crash leaves nothing or everything. The same model, time and price again, from whichever process, answers what was done.
 * @throws Refusal `conflict` for a time of which another part was rated again, or while it is; `invalid_state` where it was
 * stopped; `rule_violated`.
 */
export async function rerateModel(
  context: Context,
  body: BodyOf<typeof endpoint>,
): Promise<Rerating> {
  const now = context.clocks.business();
  const asked: Asked = {
    ...{ model: body.model, from: new Date(body.from), to: new Date(body.to) },
    terms: readPriceTerms(body.price),
    settledBefore: new Date(now.getTime() - settlingMs),
  };
  if (asked.from >= asked.to || asked.to > now) {
    const sentence = 'Give a time that is over, and ends after it begins.';
    throw new Refusal('rule_violated', sentence, { param: 'to' });
  }
  if (body.dry_run) {
    const begun = { kind: 'metering.rerating_try', key: newId('try', now), title: asked.model };
    return runOperation(context, begun, async (operation) =>
      present(context, null, asked, await rateAgain(context, asked, operation)),
    );
  }
  const key = keyOf(asked);
  const done = (await findReratings(context.database, spanOf(asked))).find(
    (one) => one.key === key,
  );
  if (done) return present(context, done.id, done, await rateAgain(context, done));
  const begun = { kind, key, title: asked.model, input: body };
  const row = await runOperation(context, begun, async (operation) => {
    const parts = await rateAgain(context, asked, operation);
    return inTransaction(context, async (transaction) => {
      await lockReratings(transaction);
      const [other] = await findReratings(transaction, spanOf(asked));
      if (other?.key === key) return other;
      if (other) refuseOverlap(other);
      const made = { id: newId('rrt', now), key, ...asked, createdAt: now };
      await give(context, transaction, { row: made, parts });
      return made;
    });
  });
  return present(context, row.id, row, await rateAgain(context, row));
}

function spanOf({ model, from, to }: Asked) {
  return { models: [model], from, to };
}

function keyOf({ model, from, to, terms }: Asked): string {
  const { prices, tiers, serviceTiers } = terms;
  const sorted = JSON.stringify(
    [model, from, to, { prices, tiers, serviceTiers }],
    (_key, value) =>
      typeof value === 'bigint'
        ? `${value}n`
        : value !== null && typeof value === 'object' && !Array.isArray(value)
          ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
          : value,
  );
  return createHash('sha256').update(sorted).digest('hex');
}

/** @throws Refusal where a call could be given back twice. */
function refuseOverlap({ id, from, to }: ReratingRow): never {
  const sentence = `Calls from ${from.toISOString()} to ${to.toISOString()} were rated again already (${id}): choose a time beside it.`;
  throw new Refusal('conflict', sentence, { param: 'from' });
}

/** What it comes to by organization; nothing is written. @throws Refusal for more calls than are read at once. */
async function rateAgain(
  context: Context,
  asked: Asked,
  operation?: RunningOperation,
): Promise<Parts> {
  const { model, from, to, terms, settledBefore } = asked;
  const sums = await sumUsage(context.database, {
    ...{ organizationId: undefined, model, from, to },
    ...{ interval: 'all', timeZone: 'UTC', groups: [] },
  });
  if (sums.some(({ calls }) => calls > BigInt(callsMax))) {
    const sentence = `These are more than ${callsMax} calls: take a shorter time, one after the other.`;
    throw new Refusal('rule_violated', sentence, { param: 'from' });
  }
  const price = { currency: context.config.usageCurrency, ...terms };
  const parts: Parts = new Map();
  const total = Number(sums.reduce((count, { calls }) => count + calls, 0n));
  let read = 0;
  for await (const call of eachCall(context.database, { model, from, to })) {
    read += 1;
    if (read % callsPerBatch === 0) await goOn(operation, { done: read, total });
    if (call.settledAt >= settledBefore) continue;
    const { multiplierMillionths } = call.details;
    const figures = rerate({ ...call, multiplierMillionths }, price);
    const sum = addFigures(parts.get(call.organizationId) ?? noFigures, figures);
    parts.set(call.organizationId, sum);
  }
  return parts;
}

/** @throws Refusal `invalid_state` where it was asked to stop. */
async function goOn(
  operation: RunningOperation | undefined,
  progress: { done: number; total: number },
): Promise<void> {
  if (!operation || (await operation.advance(progress))) return;
  throw new Refusal('invalid_state', 'It was stopped: nothing was changed. Ask again to go on.');
}

/** Organizations are locked in the order of their ids, as everywhere. */
async function give(
  context: Context,
  transaction: Transaction,
  { row, parts }: { row: ReratingRow; parts: Parts },
): Promise<void> {
  await insertRerating(transaction, row, parts);
  const currency = context.config.usageCurrency;
  for (const [organizationId, { givenBack }] of [...parts].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (givenBack === 0n) continue;
    await postTransfers(context, transaction, organizationId, [
      {
        ...{ debit: 'revenue', credit: 'wallet', amount: { amount: givenBack, currency } },
        ...{ kind: 'adjustment', reference: row.id },
      },
    ]);
  }
  const { givenBack, calls } = totalOf(parts);
  await recordAudit(context, transaction, {
    organizationId: null,
    action: 'model_price.rerate',
    resource: { kind: 'rerating', id: row.id },
    newValues: {
      ...{ model: row.model, from: row.from.toISOString(), to: row.to.toISOString(), calls },
      ...{ given_back: formatMoney({ amount: givenBack, currency }), currency },
    },
  });
}

function totalOf(parts: Parts): RerateFigures {
  return [...parts.values()].reduce(addFigures, noFigures);
}

function present(context: Context, id: string | null, asked: Asked, parts: Parts): Rerating {
  const currency = context.config.usageCurrency;
  const wire = (amount: bigint) => formatMoney({ amount, currency });
  const shown = (figures: RerateFigures) => ({
    calls: figures.calls,
    billed: wire(figures.billed),
    rerated: wire(figures.rerated),
    given_back: wire(figures.givenBack),
    not_given_back: wire(figures.notGivenBack),
    too_little: wire(figures.tooLittle),
  });
  return {
    ...{ id, model: asked.model, currency },
    ...{ from: asked.from.toISOString(), to: asked.to.toISOString() },
    settled_before: asked.settledBefore.toISOString(),
    ...shown(totalOf(parts)),
    organizations: [...parts]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([organization, figures]) => ({ organization, ...shown(figures) })),
  };
}
