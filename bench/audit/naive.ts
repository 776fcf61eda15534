/** The same question as one plain statement over one table. */
import type pg from 'pg';
import type { AuditQuestion } from '../../server/src/domains/audit/index.ts';

const kinds = ['user', 'api_key', 'application', 'provider', 'system'];

export async function askNaive(
  client: pg.Client,
  question: AuditQuestion & { before?: string },
  limit: number,
): Promise<string[]> {
  const { organizationId, actor, action, resource, ip, id, from, to, before } = question;
  const conditions: string[] = [];
  const parameters: unknown[] = [];
  const add = (value: unknown, condition: (parameter: string) => string) => {
    if (value === undefined) return;
    parameters.push(value);
    conditions.push(condition(`$${parameters.length}`));
  };
  add(organizationId, (value) => `organization_id = ${value}`);
  add(actor, (value) => `${kinds.includes(actor ?? '') ? 'actor_kind' : 'actor_id'} = ${value}`);
  add(action, (value) => `(action = ${value} or split_part(action, '.', 1) = ${value})`);
  add(resource, (value) => `(resource_id = ${value} or resource_kind = ${value})`);
  add(ip, (value) => `ip = ${value}`);
  add(id, (value) => `${value} in (id, request_id, actor_id, resource_id, organization_id)`);
  add(from, (value) => `created_at >= ${value}`);
  add(to, (value) => `created_at < ${value}`);
  add(before, (value) => `id < ${value}`);
  const where = conditions.length > 0 ? `where ${conditions.join(' and ')}` : '';
  const { rows } = await client.query<{ id: string }>(
    `select * from bench_naive ${where} order by id desc limit ${limit}`,
    parameters,
  );
  return rows.map((row) => row.id);
}
