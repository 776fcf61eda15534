/** Somebody with an organization and endpoints, and what happens to them. */
import { permissions } from '@sluice/contract/permissions';
import type { Context } from '../../../platform/context.ts';
import { inTransaction } from '../../../platform/context.ts';
import { announceHappening } from '../../../platform/happenings.ts';
import { createVerifiedUser } from '../../identity/index.ts';
import { createWebhookEndpoint } from '../operations/create-webhook-endpoint.ts';

let people = 0;

export async function makeOrganization(context: Context): Promise<string> {
  people += 1;
  const email = `hooks${people}@example.com`;
  const made = await createVerifiedUser(context, {
    email,
    name: 'Ada',
    password: 'correct horse battery',
  });
  return made?.organizationId ?? '';
}

export async function makeEndpoint(
  context: Context,
  organizationId: string,
  url: string,
): Promise<{ id: string; secret: string }> {
  return createWebhookEndpoint(context, {
    ...{ organizationId, permissions, url },
    events: ['payment.succeeded', 'invoice.paid'],
  });
}

/** A payment succeeded: announced with an id, where the same is to be told twice. */
export async function pay(context: Context, organizationId: string, id?: string): Promise<void> {
  await inTransaction(context, (transaction) =>
    announceHappening(context, transaction, 'payment.succeeded', {
      organizationId,
      ...(id !== undefined && { id }),
      data: {
        ...{ payment: 'pay_1', invoice: 'inv_1', amount: '29.99', currency: 'USD' },
        provider: 'credit',
      },
    }),
  );
}
