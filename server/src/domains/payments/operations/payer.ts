/** Whom a provider is told about, and what it calls them. */
import type { Context } from '../../../platform/context.ts';
import { listMembers } from '../../identity/index.ts';
import type { Attempt, AttemptPayer } from '../core/attempt.ts';
import { findSealedCustomer } from '../methods-store.ts';
import type { Payer } from '../provider.ts';
import { openCustomer } from './method-seals.ts';

export async function loadPayer(
  context: Context,
  of: Pick<Attempt, 'organizationId' | 'provider' | 'merchant'> & { payer: AttemptPayer | null },
): Promise<Payer> {
  const { organizationId, payer } = of;
  const contact = payer?.email ? payer : await billingContact(context, organizationId);
  const kept = await findSealedCustomer(context.database, of);
  return {
    organizationId,
    email: contact?.email ?? null,
    customer: kept ? openCustomer(context, kept) : null,
    locale: payer?.locale ?? contact?.locale ?? context.config.locale,
    address: payer?.address ?? null,
  };
}

const contactRoles = ['billing', 'owner', 'admin'] as const;

/** Who keeps the bills of the organization, else who owns it. */
async function billingContact(context: Context, organizationId: string) {
  const members = await listMembers(context.database, organizationId);
  const active = members.filter(({ status }) => status === 'active');
  for (const wanted of contactRoles) {
    const found = active.find(({ role }) => role === wanted);
    if (found) return found;
  }
  return undefined;
}
