/** SQL of operators' rules and of when they fired. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../platform/database/pool.ts';
import type { Firing, Reading, Rule } from './core/rule.ts';

const ruleColumns = sql`
  id, name, metric, window_minutes as "windowMinutes", condition, threshold, deviations, samples_min as "samplesMin",
  enabled, mails_operators as "mailsOperators", mail_addresses as "mailAddresses", sealed_webhook as "sealedWebhook",
  webhook_origin as "webhookOrigin", webhook_signed as "webhookSigned", quiet_minutes as "quietMinutes",
  silenced_until as "silencedUntil", built_in as "builtIn", evaluated_at as "evaluatedAt", value, samples, problem
`;

const firingColumns = sql`
  id, rule_id as "ruleId", name, metric, condition, limit_value as "limit", expected, value, worst, fired_at as "firedAt",
  told_at as "toldAt", resolved_at as "resolvedAt", resolved_value as "resolvedValue"
`;

/** Those that came with the deployment first. */
export async function listRules(executor: Executor, limit: number): Promise<Rule[]> {
  const { rows } = await sql<Rule>`
    select ${ruleColumns}
    from alerts_rules
    order by built_in desc, id
    limit ${limit}
  `.execute(executor);
  return rows;
}

export async function countRules(executor: Executor): Promise<bigint> {
  const { rows } = await sql<{ count: bigint }>`
    select count(*) as count from alerts_rules
  `.execute(executor);
  return rows[0]?.count ?? 0n;
}

export async function findRule(executor: Executor, id: string): Promise<Rule | undefined> {
  const { rows } = await sql<Rule>`
    select ${ruleColumns} from alerts_rules where id = ${id}
  `.execute(executor);
  return rows[0];
}

export async function lockRule(transaction: Transaction, id: string): Promise<Rule | undefined> {
  const { rows } = await sql<Rule>`
    select ${ruleColumns} from alerts_rules where id = ${id} for update
  `.execute(transaction);
  return rows[0];
}

export async function insertRule(transaction: Transaction, rule: Rule): Promise<void> {
  await sql`
    insert into alerts_rules (
      id, name, metric, window_minutes, condition, threshold, deviations, samples_min, enabled, mails_operators,
      mail_addresses, sealed_webhook, webhook_origin, webhook_signed, quiet_minutes, silenced_until
    )
    values (
      ${rule.id}, ${rule.name}, ${rule.metric}, ${rule.windowMinutes}, ${rule.condition}, ${rule.threshold},
      ${rule.deviations}, ${rule.samplesMin}, ${rule.enabled}, ${rule.mailsOperators}, ${rule.mailAddresses},
      ${rule.sealedWebhook}, ${rule.webhookOrigin}, ${rule.webhookSigned}, ${rule.quietMinutes}, ${rule.silencedUntil}
    )
  `.execute(transaction);
}

/** What an operator may change; a changed rule has found nothing yet. */
export async function saveRule(transaction: Transaction, rule: Rule): Promise<void> {
  await sql`
    update alerts_rules
    set name = ${rule.name}, metric = ${rule.metric}, window_minutes = ${rule.windowMinutes},
      condition = ${rule.condition}, threshold = ${rule.threshold}, deviations = ${rule.deviations},
      samples_min = ${rule.samplesMin}, enabled = ${rule.enabled}, mails_operators = ${rule.mailsOperators},
      mail_addresses = ${rule.mailAddresses}, sealed_webhook = ${rule.sealedWebhook},
      webhook_origin = ${rule.webhookOrigin}, webhook_signed = ${rule.webhookSigned},
      quiet_minutes = ${rule.quietMinutes}, silenced_until = ${rule.silencedUntil},
      evaluated_at = ${rule.evaluatedAt}, value = ${rule.value}, samples = ${rule.samples}, problem = ${rule.problem}
    where id = ${rule.id}
  `.execute(transaction);
}

export async function deleteRuleRow(transaction: Transaction, id: string): Promise<void> {
  await sql`delete from alerts_rules where id = ${id}`.execute(transaction);
}

/** What an evaluation found. */
export async function saveReading(
  executor: Executor,
  {
    id,
    at,
    reading,
    problem,
  }: { id: string; at: Date; reading?: Reading | undefined; problem?: string },
): Promise<void> {
  await sql`
    update alerts_rules
    set evaluated_at = ${at}, value = ${reading?.value ?? null}, samples = ${reading?.samples ?? null},
      problem = ${problem ?? null}
    where id = ${id}
  `.execute(executor);
}

/** The firings that are not resolved, of one rule or of all. */
export async function listOpenFirings(executor: Executor, ruleId?: string): Promise<Firing[]> {
  const { rows } = await sql<Firing>`
    select ${firingColumns}
    from alerts_firings
    where resolved_at is null
      and (${ruleId ?? null}::text is null or rule_id = ${ruleId ?? null})
    order by id
  `.execute(executor);
  return rows;
}

/** When a firing that somebody was told of was resolved last. */
export async function findLastResolved(
  executor: Executor,
  ruleId: string,
): Promise<Date | undefined> {
  const { rows } = await sql<{ at: Date }>`
    select resolved_at as at
    from alerts_firings
    where rule_id = ${ruleId} and resolved_at is not null and told_at is not null
    order by id desc
    limit 1
  `.execute(executor);
  return rows[0]?.at;
}

export async function insertFiring(transaction: Transaction, firing: Firing): Promise<void> {
  await sql`
    insert into alerts_firings
      (id, rule_id, name, metric, condition, limit_value, expected, value, worst, fired_at, told_at)
    values
      (${firing.id}, ${firing.ruleId}, ${firing.name}, ${firing.metric}, ${firing.condition}, ${firing.limit},
       ${firing.expected}, ${firing.value}, ${firing.worst}, ${firing.firedAt}, ${firing.toldAt})
  `.execute(transaction);
}

export async function saveFiring(transaction: Transaction, firing: Firing): Promise<void> {
  await sql`
    update alerts_firings
    set worst = ${firing.worst}, told_at = ${firing.toldAt}, resolved_at = ${firing.resolvedAt},
      resolved_value = ${firing.resolvedValue}
    where id = ${firing.id}
  `.execute(transaction);
}

export async function listFirings(
  executor: Executor,
  page: { rule: string | undefined; before: string | undefined; limit: number },
): Promise<Firing[]> {
  const { rule = null, before = null } = page;
  const { rows } = await sql<Firing>`
    select ${firingColumns}
    from alerts_firings
    where (${rule}::text is null or rule_id = ${rule})
      and (${before}::text is null or id < ${before})
    order by id desc
    limit ${page.limit}
  `.execute(executor);
  return rows;
}

/** Rules that mail an address. */
export async function listRulesMailing(executor: Executor, address: string): Promise<Rule[]> {
  const { rows } = await sql<Rule>`
    select ${ruleColumns} from alerts_rules where ${address} = any(mail_addresses) order by id
  `.execute(executor);
  return rows;
}

export async function forgetAddress(transaction: Transaction, address: string): Promise<void> {
  await sql`
    update alerts_rules
    set mail_addresses = array_remove(mail_addresses, ${address})
    where ${address} = any(mail_addresses)
  `.execute(transaction);
}
