import type { Transaction } from '../../../platform/database/pool.ts';
import { nanosMax } from '../../../platform/money.ts';
import { findTakenAddresses, moveAccount } from '../../identity/index.ts';
import { postTransfers } from '../../ledger/index.ts';
import { checksumOf } from '../core/checksum.ts';
import type { OldAccount } from '../core/old-installation.ts';
import { accountTerms, type PlannedAccount, planAccount } from '../core/plan-account.ts';
import { noteAll, noteLeft } from '../core/report.ts';
import { findMappings, type Mapping, type SourceRow, saveMappings } from '../store.ts';
import type { ImportRun } from './run-import.ts';

/** What is written in one transaction: no customer waits for longer than a few of them take. */
const batchMax = 50;

/** Moves accounts, each with its balance as its first ledger entry. */
export async function moveAccounts(run: ImportRun): Promise<void> {
  const { old, report } = run;
  const { accounts: total } = await old.count();
  for await (const page of old.accounts()) {
    for (let start = 0; start < page.length; start += batchMax) {
      if (run.isStopped()) return;
      await moveBatch(run, page.slice(start, start + batchMax));
      await run.advance('accounts', report.accounts.read, total);
    }
  }
}

async function moveBatch(run: ImportRun, batch: readonly OldAccount[]): Promise<void> {
  const { source, command } = run;
  if (!command.applies || !source) return tryBatch(run, batch);
  await run.inBatch(source, async (transaction) => {
    const theirIds = batch.map(({ id }) => id);
    const known = await findMappings(transaction, {
      ...{ sourceId: source.id, kind: 'account', theirIds },
    });
    const mappings: Mapping[] = [];
    for (const old of batch) {
      const mapping = await moveOne(run, transaction, { old, source, known: known.get(old.id) });
      if (mapping) mappings.push(mapping);
    }
    const at = run.context.clocks.wall();
    await saveMappings(transaction, { sourceId: source.id, kind: 'account', mappings, at });
  });
}

interface One {
  old: OldAccount;
  source: SourceRow;
  known: Mapping | undefined;
}

async function moveOne(
  run: ImportRun,
  transaction: Transaction,
  { old, source, known }: One,
): Promise<Mapping | undefined> {
  const planned = judge(run, old, known);
  if (!planned) return undefined;
  const { accounts } = run.report;
  const moved = await moveAccount(run.context, transaction, planned);
  if (!moved) {
    accounts.left += 1;
    const text = 'somebody is changing their mail address to this one: import again later';
    noteLeft(run.report, { kind: 'account', id: old.id, name: planned.organizationName, text });
    return undefined;
  }
  accounts.moved += 1;
  if (moved.isLinked) {
    accounts.linked += 1;
    noteLink(run, old, planned);
  }
  const { userId: ourId, organizationId } = moved;
  await openBalance(run, transaction, { old, source, organizationId });
  const checksum = checksumOf(accountTerms(old));
  return { theirId: old.id, ourId, organizationId, checksum, amount: null };
}

/** What is to be moved; undefined for what was moved before, or stays. */
function judge(
  { report, old: { kind }, command: { name } }: ImportRun,
  old: OldAccount,
  known: Mapping | undefined,
): PlannedAccount | undefined {
  const { accounts } = report;
  accounts.read += 1;
  const shown = old.username ?? old.email ?? old.id;
  if (known) {
    const isSame = known.checksum === checksumOf(accountTerms(old));
    accounts[isSame ? 'unchanged' : 'changed'] += 1;
    if (!isSame) {
      const text = 'it has changed there since; people change their own account here';
      noteAll(report, { kind: 'account', id: old.id, name: shown }, [text]);
    }
    return undefined;
  }
  const plan = planAccount(old, { kind, name });
  if (plan.verdict === 'leave') {
    accounts.left += 1;
    noteLeft(report, { kind: 'account', id: old.id, name: shown, text: plan.reason });
    return undefined;
  }
  noteAll(report, { kind: 'account', id: old.id, name: shown }, plan.notes);
  return plan.account;
}

function noteLink({ report }: ImportRun, { id }: OldAccount, account: PlannedAccount): void {
  const text = 'the person is here already and gets another organization';
  noteAll(report, { kind: 'account', id, name: account.email }, [text]);
}

/** The balance there, as the wallet's first entry; once for each account, whatever becomes of the balance later. */
async function openBalance(
  run: ImportRun,
  transaction: Transaction,
  { old, source, organizationId }: { old: OldAccount; source: SourceRow; organizationId: string },
): Promise<void> {
  const amount = judgeBalance(run, old);
  if (amount === undefined) return;
  const currency = run.context.config.usageCurrency;
  if (amount > 0n) {
    await postTransfers(run.context, transaction, organizationId, [
      {
        ...{ debit: 'world', credit: 'wallet', amount: { amount, currency } },
        ...{ kind: 'opening_balance', reference: `${source.id}:${old.id}` },
      },
    ]);
  }
  const mapping = { theirId: old.id, ourId: organizationId, organizationId, amount };
  await saveMappings(transaction, {
    ...{ sourceId: source.id, kind: 'balance', at: run.context.clocks.wall() },
    mappings: [{ ...mapping, checksum: checksumOf([amount]) }],
  });
}

/** Undefined where there is nothing to keep; what is owed there is told, and not collected here. */
function judgeBalance({ report }: ImportRun, old: OldAccount): bigint | undefined {
  if (old.balance === null) return undefined;
  const { balances } = report;
  balances.read += 1;
  const of = { kind: 'balance' as const, id: old.id, name: old.username ?? old.email ?? old.id };
  if (old.balance < 0n || old.balance > nanosMax) {
    balances.left += 1;
    const text =
      old.balance < 0n
        ? 'below zero there: it opens with nothing, and nothing is owed'
        : 'more than any wallet may hold: it opens with nothing';
    noteLeft(report, { ...of, text });
    return 0n;
  }
  balances.moved += 1;
  report.balanceMoved += old.balance;
  return old.balance;
}

async function tryBatch(run: ImportRun, batch: readonly OldAccount[]): Promise<void> {
  const { database } = run.context;
  const theirIds = batch.map(({ id }) => id);
  const known = run.source
    ? await findMappings(database, { sourceId: run.source.id, kind: 'account', theirIds })
    : new Map<string, Mapping>();
  const plans = batch.flatMap((old) => {
    const account = judge(run, old, known.get(old.id));
    if (known.has(old.id)) run.planned.add(old.id);
    return account ? [{ old, account }] : [];
  });
  const emails = plans.map(({ account }) => account.email);
  const taken = await findTakenAddresses(database, emails);
  for (const { old, account } of plans) {
    run.planned.add(old.id);
    run.report.accounts.moved += 1;
    judgeBalance(run, old);
    if (!taken.has(account.email) && !run.plannedEmails.has(account.email)) {
      run.plannedEmails.add(account.email);
      continue;
    }
    run.report.accounts.linked += 1;
    noteLink(run, old, account);
  }
}
