/** Bodies name the customer of an invoice: they are handed out, and go with the organization that came with an account. */
import type { PersonalData } from '../../../platform/personal-data.ts';
import { findPersonalOrganization } from '../../identity/index.ts';
import { deleteEndpointsOf } from '../store/endpoints.ts';
import { readPersonalWebhooks } from '../store/personal-data.ts';

export const webhooksPersonalData: PersonalData = {
  name: 'webhooks',
  async export({ database }, userId) {
    const organizationId = await findPersonalOrganization(database, userId);
    return organizationId === undefined ? {} : readPersonalWebhooks(database, organizationId);
  },
  async erase(_context, transaction, userId) {
    const organizationId = await findPersonalOrganization(transaction, userId);
    if (organizationId !== undefined) await deleteEndpointsOf(transaction, organizationId);
  },
};
