import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { recordAudit } from '../../audit/index.ts';
import { queueMail } from '../../delivery/index.ts';
import { findOrganization, listMembers } from '../../identity/index.ts';
import { switchedOffMail } from '../core/mail.ts';
import {
  type Endpoint,
  type EndpointReference,
  lockEndpoint,
  saveEndpoint,
} from '../store/endpoints.ts';

/** Switches an endpoint off that does not take what it is sent, and mails those who can mend it, once. */
export async function switchOff(
  context: Context,
  transaction: Transaction,
  { reason, ...named }: EndpointReference & { reason: 'failing' | 'gone' },
): Promise<void> {
  const endpoint = await lockEndpoint(transaction, named);
  if (endpoint?.status !== 'enabled') return;
  await saveEndpoint(transaction, { ...endpoint, status: 'disabled', disabledReason: reason });
  await recordAudit(context, transaction, {
    organizationId: endpoint.organizationId,
    action: 'webhook_endpoint.switch_off',
    resource: { kind: 'webhook_endpoint', id: endpoint.id },
    oldValues: { status: endpoint.status },
    newValues: { status: 'disabled', reason },
  });
  await tellMenders(context, transaction, { ...endpoint, reason });
}

/** Roles whose people can switch it on again, and answer for the organization. */
const mendingRoles = ['owner', 'admin'];

async function tellMenders(
  context: Context,
  transaction: Transaction,
  {
    organizationId,
    url,
    reason,
  }: Pick<Endpoint, 'organizationId' | 'url'> & { reason: 'failing' | 'gone' },
): Promise<void> {
  const organization = await findOrganization(transaction, organizationId);
  if (!organization) return;
  const members = await listMembers(transaction, organizationId);
  for (const { email, locale, role } of members) {
    if (!mendingRoles.includes(role)) continue;
    const link = `${context.config.publicUrl}/webhooks`;
    const mail = switchedOffMail({ locale, reason, url, link, name: organization.name });
    await queueMail(context, transaction, { to: email, ...mail });
  }
}
