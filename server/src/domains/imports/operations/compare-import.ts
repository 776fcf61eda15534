/** Compares another system with what was moved from it. It changes nothing: what to do about a difference is a person's to say. */
import type { Context } from '../../../platform/context.ts';
import { Refusal } from '../../../platform/errors.ts';
import { formatNanos } from '../../../platform/money.ts';
import { addDuration } from '../../../platform/time.ts';
import { readWallet } from '../../ledger/index.ts';
import { checksumOf } from '../core/checksum.ts';
import { add, type Comparison, compareBalance, differencesListedMax } from '../core/compare.ts';
import type { OldAccount, OldInstallation, OldKey } from '../core/old-installation.ts';
import { keyTerms, planKey } from '../core/plan-key.ts';
import {
  countMappings,
  findMappings,
  findSource,
  insertComparison,
  listMappings,
  type MappingKind,
  type SourceRow,
} from '../store.ts';
import { sumMovedUsage } from '../usage-store.ts';

/** So long comparisons are kept. */
const kept = '-P3M';

interface Comparing {
  context: Context;
  source: SourceRow;
  comparison: Comparison;
  /** What is there now, by their ids. */
  there: { accounts: Set<string>; keys: Set<string>; balance: bigint };
}

/**
 * Compares, and keeps the result.
 * @throws Refusal `not_found` where nothing was imported under the name.
 */
export async function compareImport(
  context: Context,
  old: OldInstallation,
  name: string,
): Promise<Comparison> {
  const source = await findSource(context.database, name);
  if (!source) {
    throw new Refusal('not_found', `Nothing was imported under the name ${name}: check --name.`);
  }
  const comparing: Comparing = {
    ...{ context, source },
    comparison: { source: name, figures: [], differences: [], differencesCount: 0 },
    there: { accounts: new Set(), keys: new Set(), balance: 0n },
  };
  for await (const page of old.accounts()) await compareAccounts(comparing, page);
  for await (const page of old.keys()) await compareKeys(comparing, page);
  await findGone(comparing, 'account');
  await findGone(comparing, 'key');
  await addFigures(comparing, old);
  const { comparison } = comparing;
  const at = context.clocks.wall();
  await insertComparison(context.database, {
    ...{ sourceId: source.id, at, since: addDuration(at, kept) ?? at, report: comparison },
    differences: comparison.differencesCount,
  });
  return comparison;
}

async function compareAccounts(
  { context: { database }, source, comparison, there }: Comparing,
  page: readonly OldAccount[],
): Promise<void> {
  const of = { sourceId: source.id, theirIds: page.map(({ id }) => id) };
  const accounts = await findMappings(database, { ...of, kind: 'account' });
  const balances = await findMappings(database, { ...of, kind: 'balance' });
  for (const { id, status, balance, username, email } of page) {
    if (status === 'deleted') continue;
    const about = { id, name: username ?? email ?? id };
    there.accounts.add(id);
    if (!accounts.has(id)) {
      add(comparison, { kind: 'account', ...about, text: 'not moved: new there, or left behind' });
      continue;
    }
    if (balance === null) continue;
    if (balance > 0n) there.balance += balance;
    const moved = balances.get(id);
    const organizationId = moved?.organizationId ?? undefined;
    if (compareBalance(balance, { moved: moved?.amount ?? 0n, here: undefined }) === undefined) {
      continue;
    }
    // Only those that are listed are looked up.
    const isListed = comparison.differences.length < differencesListedMax;
    const wallet =
      organizationId && isListed ? await readWallet(database, organizationId) : undefined;
    const here = wallet?.available;
    const text = compareBalance(balance, { moved: moved?.amount ?? 0n, here }) ?? '';
    add(comparison, { kind: 'balance', ...about, text });
  }
}

async function compareKeys(
  { context: { database }, source, comparison, there }: Comparing,
  page: readonly OldKey[],
): Promise<void> {
  const theirIds = page.map(({ id }) => id);
  const known = await findMappings(database, { sourceId: source.id, kind: 'key', theirIds });
  for (const old of page) {
    const isServed = planKey(old).verdict === 'move';
    if (isServed) there.keys.add(old.id);
    const about = { kind: 'key' as const, id: old.id, name: old.name.slice(0, 100) };
    const mapping = known.get(old.id);
    if (!mapping) {
      if (isServed) add(comparison, { ...about, text: 'not moved: new there, or left behind' });
      continue;
    }
    // What was moved and is refused there by now is known there still.
    there.keys.add(old.id);
    if (mapping.checksum !== checksumOf(keyTerms(old))) {
      add(comparison, { ...about, text: 'changed there since: import again to follow' });
    }
  }
}

const pageSize = 1000;

/** What was moved and is no longer there. */
async function findGone(
  { context: { database }, source, comparison, there }: Comparing,
  kind: Extract<MappingKind, 'account' | 'key'>,
): Promise<void> {
  const seen = kind === 'account' ? there.accounts : there.keys;
  let after = '';
  while (true) {
    const page = await listMappings(database, {
      ...{ sourceId: source.id, kind, after, limit: pageSize },
    });
    for (const { theirId, ourId } of page) {
      if (seen.has(theirId)) continue;
      const text = `gone there; here it is ${ourId}`;
      add(comparison, { kind, id: theirId, name: ourId, text });
    }
    const last = page.at(-1);
    if (!last || page.length < pageSize) return;
    after = last.theirId;
  }
}

async function addFigures(
  { context: { database }, source, comparison, there }: Comparing,
  old: OldInstallation,
): Promise<void> {
  const moved = new Map((await countMappings(database, source.id)).map((row) => [row.kind, row]));
  const usage = await sumMovedUsage(database, source.id);
  const calls = { count: 0n, amount: 0n };
  for await (const { usage: rows } of old.usage(undefined)) {
    for (const row of rows) {
      calls.count += row.calls;
      calls.amount += row.amount;
    }
  }
  const count = (kind: MappingKind) => (moved.get(kind)?.count ?? 0n).toString();
  comparison.figures = [
    { what: 'accounts', there: String(there.accounts.size), moved: count('account') },
    {
      ...{ what: 'balances', there: formatNanos(there.balance) },
      moved: formatNanos(moved.get('balance')?.amount ?? 0n),
    },
    { what: 'keys', there: String(there.keys.size), moved: count('key') },
    { what: 'calls', there: calls.count.toString(), moved: usage.calls.toString() },
    {
      ...{ what: 'cost of calls', there: formatNanos(calls.amount) },
      moved: formatNanos(usage.amount),
    },
  ];
}
