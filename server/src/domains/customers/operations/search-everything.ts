import type { searchEverything as endpoint } from '@sluice/contract/customers';
import type { AnswerOf } from '@sluice/contract/endpoint';
import type { Context } from '../../../platform/context.ts';
import {
  findKeysNamed,
  findOrganization,
  findOrganizations,
  findSubjectsNamed,
  findUsers,
  shownPartOfKey,
} from '../../identity/index.ts';
import { listInvoiceRows } from '../../invoicing/index.ts';
import { findAttemptsNamed } from '../../payments/index.ts';

type Answer = AnswerOf<typeof endpoint>;
type InOrganization = { organization: Answer['organizations'][number] | null };

/** Of each kind; one who finds more looks at the kind's own list. */
const shownMax = 8;

/** Whatever is called so, each kind by the names that it has. */
export async function searchEverything({ database }: Context, text: string): Promise<Answer> {
  const q = shownPartOfKey(text);
  const named = { q, limit: shownMax };
  const [organizations, users, keys, subjects, invoices, payments] = await Promise.all([
    findOrganizations(database, { q, limit: shownMax + 1 }),
    findUsers(database, { q, limit: shownMax + 1 }),
    findKeysNamed(database, named),
    findSubjectsNamed(database, named),
    listInvoiceRows(database, { ...named, q: invoiceNumber(q) }),
    findAttemptsNamed(database, named),
  ]);
  const within = async (organizationId: string): Promise<InOrganization> => {
    const found = await findOrganization(database, organizationId);
    return { organization: found ? presentOrganization(found) : null };
  };
  return {
    organizations: organizations.slice(0, shownMax).map(presentOrganization),
    users: users.slice(0, shownMax).map(({ id, email, name, username, status }) => {
      return { id, email, name, username, status };
    }),
    api_keys: await Promise.all(
      keys.map(async ({ id, name, prefix, revokedAt, organizationId }) => ({
        ...{ id, name, prefix, revoked: revokedAt !== null },
        ...(await within(organizationId)),
      })),
    ),
    subjects: await Promise.all(
      subjects.map(async ({ externalId, application, organizationId }) => ({
        ...{ external_id: externalId, application },
        ...(await within(organizationId)),
      })),
    ),
    invoices: await Promise.all(
      invoices.map(async ({ id, number, status, organizationId }) => ({
        ...{ id, number, status },
        ...(await within(organizationId)),
      })),
    ),
    payments: await Promise.all(
      payments.map(async (payment) => ({
        id: payment.id,
        number: payment.number,
        provider: payment.provider,
        provider_transaction: payment.providerTransaction,
        status: payment.status,
        ...(await within(payment.organizationId)),
      })),
    ),
    more: [
      ...(organizations.length > shownMax ? (['organizations'] as const) : []),
      ...(users.length > shownMax ? (['users'] as const) : []),
    ],
  };
}

function presentOrganization({ id, name, status }: Answer['organizations'][number]) {
  return { id, name, status };
}

/** Numbers of invoices are in capitals; ids are not, and have an underscore. */
function invoiceNumber(q: string): string {
  return q.includes('_') ? q : q.toUpperCase();
}
