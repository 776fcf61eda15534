/** SQL about scores and flags. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../platform/database/pool.ts';
import type { Evidence, RuleName } from './core/evidence.ts';
import type { ActiveFlag } from './core/judge.ts';

export type FlagState = 'open' | 'confirmed' | 'lifted' | 'faded';

export interface Flag {
  id: string;
  organizationId: string;
  rule: RuleName;
  state: FlagState;
  points: number;
  count: number;
  holds: boolean;
  evidence: StoredEvidence[];
  openedAt: Date;
  changedAt: Date;
  decidedBy: string | null;
  note: string | null;
}

export type StoredEvidence = Omit<Evidence, 'at'> & { at: string };

export interface Standing {
  organizationId: string;
  score: number;
  isHeld: boolean;
  evaluatedAt: Date | null;
}

const flagColumns = sql`
  f.id, f.organization_id as "organizationId", f.rule, f.state, f.points, f.count, f.holds, f.evidence,
  f.opened_at as "openedAt", f.changed_at as "changedAt", f.decided_by as "decidedBy", f.note
`;
const standingColumns = sql`
  o.organization_id as "organizationId", o.score, o.is_held as "isHeld", o.evaluated_at as "evaluatedAt"
`;

/** The mutex of everything that is decided about an organization's risk. */
export async function lockStanding(
  transaction: Transaction,
  organizationId: string,
): Promise<Standing> {
  await sql`
    insert into risk_organizations (organization_id)
    values (${organizationId})
    on conflict (organization_id) do nothing
  `.execute(transaction);
  const { rows } = await sql<Standing>`
    select ${standingColumns}
    from risk_organizations as o
    where o.organization_id = ${organizationId}
    for update
  `.execute(transaction);
  return rows[0] as Standing;
}

export async function findStanding(
  executor: Executor,
  organizationId: string,
): Promise<Standing | undefined> {
  const { rows } = await sql<Standing>`
    select ${standingColumns}
    from risk_organizations as o
    where o.organization_id = ${organizationId}
  `.execute(executor);
  return rows[0];
}

export async function saveStanding(transaction: Transaction, standing: Standing): Promise<void> {
  const { organizationId, score, isHeld, evaluatedAt } = standing;
  await sql`
    update risk_organizations
    set score = ${score}, is_held = ${isHeld}, evaluated_at = ${evaluatedAt}
    where organization_id = ${organizationId}
  `.execute(transaction);
}

export async function insertScore(
  transaction: Transaction,
  { organizationId, at, score }: { organizationId: string; at: Date; score: number },
): Promise<void> {
  await sql`
    insert into risk_scores (organization_id, at, score)
    values (${organizationId}, ${at}, ${score})
    on conflict (organization_id, at) do update
    set score = excluded.score
  `.execute(transaction);
}

/** The latest scores, the newest first. */
export async function listScores(
  executor: Executor,
  organizationId: string,
  limit: number,
): Promise<{ at: Date; score: number }[]> {
  const { rows } = await sql<{ at: Date; score: number }>`
    select at, score
    from risk_scores
    where organization_id = ${organizationId}
    order by at desc
    limit ${limit}
  `.execute(executor);
  return rows;
}

export async function listActiveFlags(
  executor: Executor,
  organizationId: string,
): Promise<ActiveFlag[]> {
  const { rows } = await sql<ActiveFlag>`
    select f.id, f.rule, f.state, f.holds
    from risk_flags as f
    where f.organization_id = ${organizationId}
      and f.state in ('open', 'confirmed')
  `.execute(executor);
  return rows;
}

/**
 * Flags of organizations, those in force first, at most `limit` of each.
 * @scope deployment: only operators see flags.
 */
export async function listFlagsOf(
  executor: Executor,
  {
    organizationIds,
    limit,
    isInForce,
  }: { organizationIds: readonly string[]; limit: number; isInForce: boolean },
): Promise<Flag[]> {
  const { rows } = await sql<Flag>`
    select found.*
    from unnest(${[...organizationIds]}::text[]) as o (id)
    cross join lateral (
      select ${flagColumns}
      from risk_flags as f
      where f.organization_id = o.id
        and (not ${isInForce}::boolean or f.state in ('open', 'confirmed'))
      order by f.state in ('open', 'confirmed') desc, f.id desc
      limit ${limit}
    ) as found
  `.execute(executor);
  return rows;
}

/** @scope deployment: only operators see flags. */
export async function findFlag(executor: Executor, id: string): Promise<Flag | undefined> {
  const { rows } = await sql<Flag>`
    select ${flagColumns}
    from risk_flags as f
    where f.id = ${id}
  `.execute(executor);
  return rows[0];
}

export async function insertFlag(transaction: Transaction, flag: Flag): Promise<void> {
  await sql`
    insert into risk_flags
      (id, organization_id, rule, state, points, count, holds, evidence, opened_at, changed_at)
    values
      (${flag.id}, ${flag.organizationId}, ${flag.rule}, ${flag.state}, ${flag.points}, ${flag.count}, ${flag.holds},
       ${JSON.stringify(flag.evidence)}::jsonb, ${flag.openedAt}, ${flag.changedAt})
  `.execute(transaction);
}

/** @scope deployment: only operators see flags. */
export async function updateFlag(
  transaction: Transaction,
  flag: Pick<Flag, 'id' | 'points' | 'count' | 'holds' | 'evidence' | 'changedAt'>,
): Promise<void> {
  await sql`
    update risk_flags
    set points = ${flag.points}, count = ${flag.count}, holds = ${flag.holds},
      evidence = ${JSON.stringify(flag.evidence)}::jsonb, changed_at = ${flag.changedAt}
    where id = ${flag.id}
  `.execute(transaction);
}

/** @scope deployment: only operators see flags. */
export async function endFlag(
  transaction: Transaction,
  flag: Pick<Flag, 'id' | 'state' | 'holds' | 'changedAt' | 'decidedBy' | 'note'>,
): Promise<void> {
  await sql`
    update risk_flags
    set state = ${flag.state}, holds = ${flag.holds}, changed_at = ${flag.changedAt},
      decided_by = ${flag.decidedBy}, note = ${flag.note}
    where id = ${flag.id}
  `.execute(transaction);
}

export async function insertExcuses(
  transaction: Transaction,
  { id, organizationId, rule, evidence }: Pick<Flag, 'id' | 'organizationId' | 'rule' | 'evidence'>,
): Promise<void> {
  await sql`
    insert into risk_excused (organization_id, rule, evidence, flag_id)
    select ${organizationId}, ${rule}, key, ${id}
    from unnest(${evidence.map(({ key }) => key)}::text[]) as lifted (key)
    on conflict do nothing
  `.execute(transaction);
}

export async function listExcuses(
  executor: Executor,
  organizationId: string,
): Promise<Map<RuleName, Set<string>>> {
  const { rows } = await sql<{ rule: RuleName; evidence: string }>`
    select rule, evidence
    from risk_excused
    where organization_id = ${organizationId}
  `.execute(executor);
  const excused = new Map<RuleName, Set<string>>();
  for (const { rule, evidence } of rows) {
    excused.set(rule, (excused.get(rule) ?? new Set()).add(evidence));
  }
  return excused;
}

export interface QueuePage {
  state?: 'open' | 'confirmed' | undefined;
  rule?: RuleName | undefined;
  isHeld?: boolean | undefined;
  after?: { score: number; organizationId: string } | undefined;
  limit: number;
}

/**
 * Organizations with flags in force, the highest score first.
 * @scope deployment: only operators see flags.
 */
export async function listQueue(executor: Executor, page: QueuePage): Promise<Standing[]> {
  const { state = null, rule = null, isHeld = null, after } = page;
  const { rows } = await sql<Standing>`
    select ${standingColumns}
    from risk_organizations as o
    where exists (
        select 1
        from risk_flags as f
        where f.organization_id = o.organization_id
          and f.state in ('open', 'confirmed')
          and (${state}::text is null or f.state = ${state})
          and (${rule}::text is null or f.rule = ${rule})
      )
      and (${isHeld}::boolean is null or o.is_held = ${isHeld})
      and (
        ${after?.score ?? null}::integer is null
        or (o.score, o.organization_id) < (${after?.score ?? null}::integer, ${after?.organizationId ?? null}::text)
      )
    order by o.score desc, o.organization_id desc
    limit ${page.limit}
  `.execute(executor);
  return rows;
}
