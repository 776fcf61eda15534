/** How people of an organization's mail domains sign in: the domains, proven by DNS, and the organization's provider. */

import type { BodyOf } from '@sluice/contract/endpoint';
import { organizationRoles } from '@sluice/contract/permissions';
import type { updateOrganizationSso as endpoint } from '@sluice/contract/single-sign-on';
import { type Context, inTransaction } from '../../../platform/context.ts';
import { newToken } from '../../../platform/crypto.ts';
import type { Executor, Transaction } from '../../../platform/database/pool.ts';
import { notFound, Refusal } from '../../../platform/errors.ts';
import { recordAudit } from '../../audit/index.ts';
import { lockOrganization } from '../store/organizations.ts';
import {
  findOrganizationProvider,
  type ProviderRow,
  saveProvider,
} from '../store/sign-in-providers.ts';
import {
  deleteDomain,
  findDomains,
  insertDomain,
  markDomainProven,
  type SsoDomainRow,
} from '../store/sso-domains.ts';
import { type Acting, holdOrganization, requireHeld } from './hold-organization.ts';
import { countRequest } from './limit-address.ts';
import {
  changed,
  newProvider,
  shownInAudit,
  takeProviderAway,
} from './manage-sign-in-providers.ts';
import { testProvider } from './test-sign-in-provider.ts';

export interface OrganizationSso {
  domains: readonly SsoDomainRow[];
  provider: ProviderRow | undefined;
}

/** The name in the DNS under which a domain is proven. */
export function recordNameOf(domain: string): string {
  return `_sluice-verification.${domain}`;
}

export async function readSso(
  executor: Executor,
  organizationId: string,
): Promise<OrganizationSso> {
  const domains = await findDomains(executor, organizationId);
  return { domains, provider: await findOrganizationProvider(executor, organizationId) };
}

type Change = BodyOf<typeof endpoint>;

/**
 * Names the domains and the provider. Domains that stay keep their proof.
 * @throws Refusal `not_found`, `rule_violated`, `domain_unproven` where sign-in is required without a proven domain.
 */
export async function updateOrganizationSso(
  context: Context,
  acting: Acting,
  change: Change,
): Promise<OrganizationSso> {
  return inTransaction(context, async (transaction) => {
    const { organization, permissions } = await holdOrganization(transaction, acting);
    // A provider says who people are: whoever runs it can come in as any of them, an owner included.
    requireHeld(permissions, organizationRoles.owner);
    const organizationId = organization.id;
    const before = await readSso(transaction, organizationId);
    await changeDomains(context, transaction, { organizationId, before, wanted: change.domains });
    const row = await changeProvider(context, transaction, { organizationId, before, change });
    const after = await readSso(transaction, organizationId);
    if (row?.isRequired && !after.domains.some(({ provenAt }) => provenAt)) {
      throw new Refusal(
        'domain_unproven',
        'Prove a mail domain first: nobody could be held to the provider.',
        { param: 'required' },
      );
    }
    await recordAudit(context, transaction, {
      organizationId,
      action: 'organization.update_sso',
      resource: { kind: 'organization', id: organizationId },
      oldValues: shown(before),
      newValues: shown(after),
    });
    return after;
  });
}

async function changeDomains(
  context: Context,
  transaction: Transaction,
  {
    organizationId,
    before,
    wanted,
  }: { organizationId: string; before: OrganizationSso; wanted: readonly string[] },
): Promise<void> {
  for (const { domain } of before.domains) {
    if (!wanted.includes(domain)) await deleteDomain(transaction, { organizationId, domain });
  }
  const at = context.clocks.wall();
  for (const domain of new Set(wanted)) {
    await insertDomain(transaction, { organizationId, domain, token: newToken('sluice-'), at });
  }
}

/** Another kind of provider is another provider: what the old one proved is worth nothing at the new one. */
async function changeProvider(
  context: Context,
  transaction: Transaction,
  {
    organizationId,
    before,
    change,
  }: { organizationId: string; before: OrganizationSso; change: Change },
): Promise<ProviderRow | undefined> {
  const { provider: wanted } = change;
  const old = before.provider;
  if (old && wanted?.kind !== old.kind) await takeProviderAway(context, transaction, old);
  if (!wanted) {
    if (!change.required) return undefined;
    throw new Refusal('rule_violated', 'Name an identity provider before you require it.', {
      param: 'required',
    });
  }
  const kept = old?.kind === wanted.kind ? old : undefined;
  const blank = kept ?? newProvider(context, { kind: wanted.kind, organizationId });
  const row = {
    ...changed(context, blank, wanted),
    defaultRole: change.default_role,
    isRequired: change.required,
  };
  await saveProvider(transaction, row);
  return row;
}

/** The text records of a name; throws where there are none, as `node:dns` does. */
export type ResolveText = (name: string) => Promise<string[][]>;

/**
 * Looks for the text record that proves a domain.
 * @throws Refusal `not_found`, `domain_unproven`, `too_many_requests`, `already_exists` where another organization has proven it.
 */
export async function proveSsoDomain(
  context: Context,
  acting: Acting,
  { domain, resolve }: { domain: string; resolve: ResolveText },
): Promise<OrganizationSso> {
  await countQuestion(context, acting.organizationId);
  const found = (await findDomains(context.database, acting.organizationId)).find(
    (each) => each.domain === domain,
  );
  if (!found) throw notFound('domain', 'domain');
  if (!(await hasRecord(resolve, found))) {
    throw new Refusal(
      'domain_unproven',
      `There is no text record ${recordNameOf(domain)} with the value ${found.token} yet: add it to your DNS, wait until it is known, then try again.`,
      { param: 'domain' },
    );
  }
  return inTransaction(context, async (transaction) => {
    await holdOrganization(transaction, acting);
    return markProven(context, transaction, { organizationId: acting.organizationId, domain });
  });
}

/**
 * Takes a domain as proven, in sandbox mode.
 * @throws Refusal `not_found`, `invalid_state` in live mode, `already_exists`.
 */
export async function confirmSsoDomain(
  context: Context,
  { organizationId, domain }: { organizationId: string; domain: string },
): Promise<OrganizationSso> {
  if (context.config.mode !== 'sandbox') {
    throw new Refusal(
      'invalid_state',
      'In live mode a domain is proven by its DNS alone: have its owner add the text record.',
    );
  }
  return inTransaction(context, async (transaction) => {
    if (!(await lockOrganization(transaction, organizationId))) throw notFound('organization');
    const domains = await findDomains(transaction, organizationId);
    if (!domains.some((each) => each.domain === domain)) throw notFound('domain', 'domain');
    return markProven(context, transaction, { organizationId, domain });
  });
}

async function markProven(
  context: Context,
  transaction: Transaction,
  { organizationId, domain }: { organizationId: string; domain: string },
): Promise<OrganizationSso> {
  const at = context.clocks.wall();
  if (!(await markDomainProven(transaction, { organizationId, domain, at }))) {
    throw new Refusal(
      'already_exists',
      'Another organization has proven this domain: it has to give it up first.',
      { param: 'domain' },
    );
  }
  await recordAudit(context, transaction, {
    organizationId,
    action: 'organization.prove_domain',
    resource: { kind: 'organization', id: organizationId },
    newValues: { domain },
  });
  return readSso(transaction, organizationId);
}

/** Names and addresses that an organization may have us ask. */
const questionsPerHour = 60;

function countQuestion(context: Context, organizationId: string): Promise<void> {
  const subject = `sso_questions:${organizationId}`;
  return countRequest(context, { subject, perHour: questionsPerHour });
}

/**
 * Asks the organization's provider whether its settings work.
 * @throws Refusal `too_many_requests`.
 */
export async function testOrganizationSso(
  context: Context,
  { organizationId }: Acting,
): Promise<{ ok: boolean; message: string }> {
  await countQuestion(context, organizationId);
  const provider = await findOrganizationProvider(context.database, organizationId);
  if (provider) return testProvider(context, provider);
  return { ok: false, message: 'There is no identity provider yet: set one up first.' };
}

const resolveTimeoutMs = 5_000;

async function hasRecord(resolve: ResolveText, { domain, token }: SsoDomainRow): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string[][]>((settle) => {
    timer = setTimeout(() => settle([]), resolveTimeoutMs);
  });
  // No such name, or no answer: not proven, for now.
  const found = await Promise.race([resolve(recordNameOf(domain)).catch(() => []), late]);
  clearTimeout(timer);
  return found.some((parts) => parts.join('') === token);
}

function shown({ domains, provider }: OrganizationSso): Record<string, unknown> {
  return {
    domains: domains.map(({ domain }) => domain),
    provider: provider ? shownInAudit(provider) : null,
  };
}
