/** SQL about the ways of browsers to a provider and back. */
import { sql } from 'kysely';
import type { Executor } from '../../../platform/database/pool.ts';

export interface FlowRow {
  stateHash: string;
  providerId: string;
  sealedProof: string;
  returnPath: string;
  linkingUserId: string | null;
  sealedPerson: string | null;
}

const columns = sql`
  state_hash as "stateHash", provider_id as "providerId", sealed_proof as "sealedProof", return_path as "returnPath",
  linking_user_id as "linkingUserId", sealed_person as "sealedPerson"
`;

export async function insertFlow(
  executor: Executor,
  flow: Omit<FlowRow, 'sealedPerson'> & { browserHash: string; createdAt: Date; expiresAt: Date },
): Promise<void> {
  await sql`
    insert into identity_sso_flows
      (state_hash, provider_id, browser_hash, sealed_proof, return_path, linking_user_id, created_at, expires_at)
    values
      (${flow.stateHash}, ${flow.providerId}, ${flow.browserHash}, ${flow.sealedProof}, ${flow.returnPath},
       ${flow.linkingUserId}, ${flow.createdAt}, ${flow.expiresAt})
  `.execute(executor);
}

/** Takes the provider's answer to a flow, once; `browserHash` is undefined where another site posts it. */
export async function takeAnswer(
  executor: Executor,
  flow: { stateHash: string; providerId: string; browserHash: string | undefined; now: Date },
): Promise<FlowRow | undefined> {
  const { rows } = await sql<FlowRow>`
    update identity_sso_flows
    set received_at = ${flow.now}
    where state_hash = ${flow.stateHash}
      and provider_id = ${flow.providerId}
      and (${flow.browserHash ?? null}::text is null or browser_hash = ${flow.browserHash ?? null})
      and received_at is null
      and expires_at > ${flow.now}
    returning ${columns}
  `.execute(executor);
  return rows[0];
}

export async function keepPerson(
  executor: Executor,
  flow: { stateHash: string; sealedPerson: string },
): Promise<void> {
  await sql`
    update identity_sso_flows
    set sealed_person = ${flow.sealedPerson}
    where state_hash = ${flow.stateHash}
  `.execute(executor);
}

/** Takes what was proven, once, in the browser that set out. */
export async function takePerson(
  executor: Executor,
  flow: { stateHash: string; browserHash: string; now: Date },
): Promise<FlowRow | undefined> {
  const { rows } = await sql<FlowRow>`
    update identity_sso_flows
    set finished_at = ${flow.now}
    where state_hash = ${flow.stateHash}
      and browser_hash = ${flow.browserHash}
      and sealed_person is not null
      and finished_at is null
      and expires_at > ${flow.now}
    returning ${columns}
  `.execute(executor);
  return rows[0];
}

/** A code is still to come, or was wrong: the browser may try again until the flow expires. */
export async function giveBackPerson(executor: Executor, stateHash: string): Promise<void> {
  await sql`
    update identity_sso_flows
    set finished_at = null
    where state_hash = ${stateHash}
  `.execute(executor);
}

/** @scope job: whatever is due, of every customer. */
export async function deleteOldFlows(executor: Executor, before: Date): Promise<void> {
  await sql`
    delete from identity_sso_flows
    where expires_at < ${before}
  `.execute(executor);
}
