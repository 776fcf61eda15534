import { Refusal } from '../../../platform/errors.ts';
import {
  changeMovedKey,
  findPersonalOrganization,
  findUserByEmail,
  type KeyToMove,
  moveKeys,
} from '../../identity/index.ts';
import { checksumOf } from '../core/checksum.ts';
import type { OldKey } from '../core/old-installation.ts';
import { keyTerms, type PlannedKey, planKey } from '../core/plan-key.ts';
import { noteAll, noteLeft } from '../core/report.ts';
import { findMappings, type Mapping, type SourceRow, saveMappings } from '../store.ts';
import type { ImportRun } from './run-import.ts';

const batchMax = 100;

/** Where a key goes. */
interface Place {
  organizationId: string;
  userId: string;
}

/** Moves keys, whose callers keep their secrets, and follows what has changed of those that were moved before. */
export async function moveOldKeys(run: ImportRun): Promise<void> {
  const { old, report, command } = run;
  const { keys: total } = await old.count();
  const owner = command.owner === undefined ? undefined : await placeOfOwner(run, command.owner);
  for await (const page of old.keys()) {
    for (let start = 0; start < page.length; start += batchMax) {
      if (run.isStopped()) return;
      const batch = page.slice(start, start + batchMax);
      await (command.applies && run.source
        ? moveBatch(run, { source: run.source, batch, owner })
        : tryBatch(run, { batch, owner }));
      await run.advance('keys', report.keys.read, total);
    }
  }
}

/** @throws Refusal `rule_violated` for an address that nobody has here. */
async function placeOfOwner({ context }: ImportRun, email: string): Promise<Place> {
  const { database } = context;
  const user = await findUserByEmail(database, email.trim().toLowerCase());
  const organizationId = user && (await findPersonalOrganization(database, user.id));
  if (user && organizationId !== undefined) return { organizationId, userId: user.id };
  throw new Refusal('rule_violated', `Nobody here has the address ${email}: sign them up first.`);
}

interface Batch {
  batch: readonly OldKey[];
  owner: Place | undefined;
}

async function moveBatch(
  run: ImportRun,
  { source, batch, owner }: Batch & { source: SourceRow },
): Promise<void> {
  const { context } = run;
  await run.inBatch(source, async (transaction) => {
    const read = mappingsOf(run, source, batch);
    const [known, accounts] = await read(transaction);
    const fresh: { old: OldKey; key: KeyToMove }[] = [];
    const saved: Mapping[] = [];
    for (const old of batch) {
      const before = known.get(old.id);
      if (before) {
        const changed = await follow(run, old, before, (change) =>
          changeMovedKey(context, transaction, change),
        );
        if (changed) saved.push(changed);
        continue;
      }
      const account = old.accountId === null ? undefined : accounts.get(old.accountId);
      const place = old.accountId === null ? owner : account && placeOf(account);
      const planned = judge(run, old, place !== undefined);
      if (planned && place)
        fresh.push({ old, key: keyToMove(run, { old, planned, place, source }) });
    }
    const ids = await moveKeys(
      context,
      transaction,
      fresh.map(({ key }) => key),
    );
    for (const [index, { old, key }] of fresh.entries()) {
      const ourId = ids[index];
      if (ourId === undefined) {
        leave(run, old, 'a key here has its secret already');
        continue;
      }
      run.report.keys.moved += 1;
      const checksum = checksumOf(keyTerms(old));
      const { organizationId } = key;
      saved.push({ theirId: old.id, ourId, organizationId, checksum, amount: null });
    }
    const at = context.clocks.wall();
    await saveMappings(transaction, { sourceId: source.id, kind: 'key', mappings: saved, at });
  });
}

/** Of the keys, and of the accounts that they are of. */
function mappingsOf(_run: ImportRun, { id: sourceId }: SourceRow, batch: readonly OldKey[]) {
  const accountIds = batch.flatMap(({ accountId }) => accountId ?? []);
  return (executor: Parameters<typeof findMappings>[0]) =>
    Promise.all([
      findMappings(executor, { sourceId, kind: 'key', theirIds: batch.map(({ id }) => id) }),
      findMappings(executor, { sourceId, kind: 'account', theirIds: accountIds }),
    ]);
}

function placeOf({ ourId, organizationId }: Mapping): Place | undefined {
  return organizationId === null ? undefined : { organizationId, userId: ourId };
}

function keyToMove(
  { command }: ImportRun,
  {
    old,
    planned,
    place,
    source,
  }: { old: OldKey; planned: PlannedKey; place: Place; source: SourceRow },
): KeyToMove {
  const secret =
    'text' in old.secret
      ? old.secret
      : { saltId: source.id, prefix: command.salt?.prefix ?? '', hash: old.secret.hash };
  return { ...planned, ...place, applicationId: null, secret };
}

/** What is to be moved; undefined for what stays, which is noted. */
function judge(run: ImportRun, old: OldKey, hasPlace: boolean): PlannedKey | undefined {
  run.report.keys.read += 1;
  const plan = planKey(old);
  if (plan.verdict === 'leave') {
    leave(run, old, plan.reason);
    return undefined;
  }
  if (!hasPlace) {
    const whose =
      old.accountId === null ? 'nobody’s: name an --owner' : 'its account was not moved';
    leave(run, old, whose);
    return undefined;
  }
  const texts = plan.notes.map((limit) => `without ${limit}`);
  noteAll(run.report, { kind: 'key', id: old.id, name: plan.key.name }, texts);
  return plan.key;
}

function leave({ report }: ImportRun, { id, name }: OldKey, text: string): void {
  report.keys.left += 1;
  noteLeft(report, { kind: 'key', id, name: name.slice(0, 100), text });
}

type Change = Parameters<typeof changeMovedKey>[2];

/** Carries on what has changed there; answers what is known of the key from now on. */
async function follow(
  run: ImportRun,
  old: OldKey,
  before: Mapping,
  apply: (change: Change) => Promise<boolean>,
): Promise<Mapping | undefined> {
  const { keys } = run.report;
  keys.read += 1;
  const checksum = checksumOf(keyTerms(old));
  const { ourId: id, organizationId } = before;
  if (checksum === before.checksum || organizationId === null) {
    keys.unchanged += 1;
    return undefined;
  }
  const plan = planKey(old);
  const key = plan.verdict === 'move' ? plan.key : undefined;
  const none = { allowedModels: null, ipAllowlist: null, expiresAt: null, tags: [] };
  const rates = { requestsPerMinute: null, tokensPerMinute: null, concurrency: null };
  const terms = key ?? { name: '', ...none, rates };
  const { name, expiresAt, allowedModels, ipAllowlist, tags } = terms;
  const changed = await apply({
    ...{ id, organizationId, name, expiresAt, allowedModels, ipAllowlist, tags },
    ...{ rates: terms.rates, isOver: key === undefined },
  });
  keys.changed += 1;
  const said =
    plan.verdict === 'leave' ? `revoked here, for it was ${plan.reason}` : 'changed there';
  const text = changed ? said : 'changed there, but revoked here: it stays so';
  noteAll(run.report, { kind: 'key', id: old.id, name: old.name.slice(0, 100) }, [text]);
  return { ...before, checksum };
}

async function tryBatch(run: ImportRun, { batch, owner }: Batch): Promise<void> {
  const { source, context } = run;
  const none = new Map<string, Mapping>();
  const [known] = source ? await mappingsOf(run, source, batch)(context.database) : [none];
  for (const old of batch) {
    const before = known.get(old.id);
    if (before) {
      await follow(run, old, before, async () => true);
      continue;
    }
    const hasPlace = old.accountId === null ? owner !== undefined : run.planned.has(old.accountId);
    if (judge(run, old, hasPlace)) run.report.keys.moved += 1;
  }
}
