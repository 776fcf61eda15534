/** The deployment's directory and identity providers, as operators set them up. */
import { LdapSettings, OidcSettings, SamlSettings } from '@sluice/contract/sign-in-providers';
import type { z } from 'zod';
import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { notFound, Refusal } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import { recordAudit } from '../../audit/index.ts';
import { findIdentitiesAt } from '../store/external-identities.ts';
import {
  deleteProvider,
  directoryId,
  findProvider,
  findProviders,
  lockProvider,
  type ProviderKind,
  type ProviderRow,
  saveProvider,
} from '../store/sign-in-providers.ts';
import { lockOperators, lockUser } from '../store/users.ts';
import { applyGivenRoles, nothingGiven } from './apply-given-roles.ts';
import { sealPurpose, withEnvironment } from './load-sign-in-provider.ts';

const providersMax = 20;

export async function listSignInProviders(context: Context): Promise<ProviderRow[]> {
  const rows = await findProviders(context.database);
  return rows.map((row) => withEnvironment(context, row));
}

/** @throws Refusal `not_found`. */
export async function getSignInProvider(context: Context, id: string): Promise<ProviderRow> {
  const row = await findProvider(context.database, id);
  if (!row || row.organizationId !== null) throw notFound('sign-in provider');
  return withEnvironment(context, row);
}

export interface ProviderChange {
  name?: string | undefined;
  enabled?: boolean | undefined;
  /** Fields left out stay as they are. */
  settings?: Readonly<Record<string, unknown>> | undefined;
  /** Null takes it away. */
  secret?: string | null | undefined;
}

/** @throws Refusal `rule_violated` naming the setting that is wrong. */
export async function createSignInProvider(
  context: Context,
  command: { kind: 'oidc' | 'saml' } & ProviderChange & { name: string },
): Promise<ProviderRow> {
  return inTransaction(context, async (transaction) => {
    if ((await findProviders(transaction)).length > providersMax) {
      const sentence = `There are ${providersMax} identity providers: remove one first.`;
      throw new Refusal('rule_violated', sentence);
    }
    const blank = newProvider(context, { kind: command.kind, organizationId: null });
    const row = changed(context, blank, command);
    await saveProvider(transaction, row);
    await record(context, transaction, 'sign_in_provider.create', undefined, row);
    return row;
  });
}

/**
 * Changes a directory or identity provider, or switches it on or off.
 * @throws Refusal `not_found`, `rule_violated`, `invalid_state` where the environment sets it up.
 */
export async function updateSignInProvider(
  context: Context,
  id: string,
  change: ProviderChange,
): Promise<ProviderRow> {
  return inTransaction(context, async (transaction) => {
    const before = await requireOwn(transaction, id);
    if (id === directoryId && context.config.directory) {
      throw new Refusal(
        'invalid_state',
        'LDAP_URL sets the directory up: change the environment and start again, or take LDAP_URL out to set it up here.',
      );
    }
    const row = changed(context, before, change);
    await saveProvider(transaction, row);
    await record(context, transaction, 'sign_in_provider.update', before, row);
    return row;
  });
}

/**
 * Removes an identity provider; the accounts stay, and what its groups gave goes.
 * @throws Refusal `not_found`, `invalid_state` for the directory, which is switched off instead.
 */
export async function deleteSignInProvider(context: Context, id: string): Promise<void> {
  await inTransaction(context, async (transaction) => {
    const row = await requireOwn(transaction, id);
    if (id === directoryId) {
      throw new Refusal('invalid_state', 'The directory stays: switch it off instead.');
    }
    await takeProviderAway(context, transaction, row);
    await record(context, transaction, 'sign_in_provider.delete', row, undefined);
  });
}

const pageSize = 200;

/** Takes back what the provider's groups gave to anybody, then forgets it. */
export async function takeProviderAway(
  context: Context,
  transaction: Transaction,
  row: ProviderRow,
): Promise<void> {
  await lockOperators(transaction);
  let after: string | undefined;
  do {
    const page = await findIdentitiesAt(transaction, {
      providerId: row.id,
      after,
      limit: pageSize,
    });
    for (const identity of page) {
      const user = await lockUser(transaction, identity.userId);
      if (user) await applyGivenRoles(context, transaction, { user, identity }, nothingGiven);
    }
    after = page.length === pageSize ? page.at(-1)?.id : undefined;
  } while (after !== undefined);
  await deleteProvider(transaction, row.id);
}

export function newProvider(
  context: Context,
  { kind, organizationId }: Pick<ProviderRow, 'kind' | 'organizationId'>,
): ProviderRow {
  const updatedAt = context.clocks.wall();
  return {
    ...{ id: newId('idp', updatedAt), kind, organizationId, name: '', enabled: false },
    ...{ settings: {}, sealedSecret: null, isRequired: false, updatedAt },
    defaultRole: organizationId === null ? null : 'member',
  };
}

/**
 * The provider after a change.
 * @throws Refusal `rule_violated`.
 */
export function changed(context: Context, row: ProviderRow, change: ProviderChange): ProviderRow {
  const { secret } = change;
  const sealed = secret ? context.sealer.seal(secret, sealPurpose(row.id)) : null;
  const written = { ...row.settings, ...change.settings };
  const enabled = change.enabled ?? row.enabled;
  // A directory that was never set up has no settings to judge.
  const isBlank = Object.keys(written).length === 0 && !enabled;
  return {
    ...row,
    name: change.name ?? row.name,
    enabled,
    settings: isBlank ? {} : judgeSettings(row.kind, written),
    sealedSecret: secret === undefined ? row.sealedSecret : sealed,
    updatedAt: context.clocks.wall(),
  };
}

const schemas: Record<ProviderKind, z.ZodType<Record<string, unknown>>> = {
  ldap: LdapSettings,
  oidc: OidcSettings,
  saml: SamlSettings,
};

function judgeSettings(kind: ProviderKind, written: Record<string, unknown>) {
  const parsed = schemas[kind].safeParse(written);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  const place = [...(issue?.path ?? []), ...(unknown === undefined ? [] : [unknown])];
  const sentence =
    unknown === undefined
      ? (issue?.message ?? 'Correct the settings.')
      : `There is no setting "${unknown}": leave it out.`;
  throw new Refusal('rule_violated', sentence, { param: ['settings', ...place].join('.') });
}

async function requireOwn(transaction: Transaction, id: string): Promise<ProviderRow> {
  const row = await lockProvider(transaction, id);
  if (!row || row.organizationId !== null) throw notFound('sign-in provider');
  return row;
}

async function record(
  context: Context,
  transaction: Transaction,
  action: string,
  before: ProviderRow | undefined,
  after: ProviderRow | undefined,
): Promise<void> {
  await recordAudit(context, transaction, {
    organizationId: null,
    action,
    resource: { kind: 'sign_in_provider', id: (after ?? before)?.id ?? '' },
    ...(before ? { oldValues: shownInAudit(before) } : {}),
    ...(after ? { newValues: shownInAudit(after) } : {}),
  });
}

/** Of a secret only that it is set. */
export function shownInAudit(row: ProviderRow): Record<string, unknown> {
  const { kind, name, enabled, settings, defaultRole, isRequired } = row;
  const ofOrganization =
    row.organizationId === null ? {} : { default_role: defaultRole, required: isRequired };
  const secret = row.sealedSecret === null ? {} : { credential: '[set]' };
  return { kind, name, enabled, settings, ...secret, ...ofOrganization };
}
