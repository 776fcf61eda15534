import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { newId } from '../../../platform/ids.ts';
import { recordAudit } from '../../audit/index.ts';
import { holdPayments } from '../../payments/index.ts';
import type { Evidence, Facts } from '../core/evidence.ts';
import { type Finding, type Judgement, judge } from '../core/judge.ts';
import { insertPending, takePending } from '../signals-store.ts';
import {
  endFlag,
  insertFlag,
  insertScore,
  listActiveFlags,
  listExcuses,
  lockStanding,
  type Standing,
  type StoredEvidence,
  saveStanding,
  updateFlag,
} from '../store.ts';
import { loadCase } from './load-case.ts';

/**
 * Judges an organization anew by what is true of it now. It may be done at any time and by any number of processes: they
 * wait for each other at its row, the second finds the first's flags, and a crash before the commit leaves what waited
 * waiting. What becomes true while it is judged waits for the next time.
 */
export async function judgeRisk(context: Context, organizationId: string): Promise<void> {
  await inTransaction(context, async (transaction) => {
    const before = await lockStanding(transaction, organizationId);
    const taken = await takePending(transaction, organizationId);
    const { facts, ...rest } = await loadCase(context, transaction, organizationId);
    const judgement = judge({
      ...{ facts, ...rest, now: context.clocks.business() },
      excused: await listExcuses(transaction, organizationId),
      flags: await listActiveFlags(transaction, organizationId),
    });
    await keep(context, transaction, before, judgement);
    if (taken?.spreads) await spread(context, transaction, facts);
  });
}

async function keep(
  context: Context,
  transaction: Transaction,
  before: Standing,
  { score, isHeld, raised, renewed, faded }: Judgement,
): Promise<void> {
  const { organizationId } = before;
  const at = context.clocks.business();
  for (const finding of raised) {
    const id = newId('flg', at);
    await insertFlag(transaction, {
      ...{ ...finding, id, organizationId, state: 'open', evidence: stored(finding.evidence) },
      ...{ openedAt: at, changedAt: at, decidedBy: null, note: null },
    });
    const { rule, points, count, holds } = finding;
    await audit(context, transaction, 'raise', { id, organizationId, rule, points, count, holds });
  }
  for (const finding of renewed) {
    await updateFlag(transaction, {
      ...{ ...finding, evidence: stored(finding.evidence), changedAt: at },
    });
  }
  for (const id of faded) {
    await endFlag(transaction, {
      ...{ id, state: 'faded', holds: false, changedAt: at, decidedBy: null, note: null },
    });
    await audit(context, transaction, 'fade', { id, organizationId });
  }
  if (isHeld !== before.isHeld) {
    await holdPayments(context, transaction, { organizationId, isHeld });
  }
  if (score !== before.score) await insertScore(transaction, { organizationId, at, score });
  await saveStanding(transaction, { organizationId, score, isHeld, evaluatedAt: at });
}

function stored(evidence: readonly Evidence[]): StoredEvidence[] {
  return evidence.map((each) => ({ ...each, at: each.at.toISOString() }));
}

async function audit(
  context: Context,
  transaction: Transaction,
  verb: 'raise' | 'fade',
  {
    id,
    organizationId,
    ...values
  }: { id: string; organizationId: string } & Partial<Finding & { holds: boolean }>,
): Promise<void> {
  // In the deployment's own log: customers read theirs, and whoever is watched shall not read how.
  await recordAudit(context, transaction, {
    organizationId: null,
    action: `risk_flag.${verb}`,
    resource: { kind: 'risk_flag', id },
    newValues: { organization: organizationId, ...values },
  });
}

/** So many others are looked at when something new is known of one. */
const spreadMax = 50;

/** What somebody shares with others speaks of those, too; theirs goes no further. */
async function spread(context: Context, transaction: Transaction, { sharers }: Facts) {
  const others = [...new Set(sharers.map(({ organizationId }) => organizationId))];
  const at = context.clocks.wall();
  await insertPending(
    transaction,
    others.slice(0, spreadMax).map((organizationId) => ({
      ...{ id: newId('rsk', at), organizationId, spreads: false },
    })),
  );
}
