/** What subscriptions keeps about a person: what their own organization bought. */
import type { PersonalData } from '../../../platform/personal-data.ts';
import { findPersonalOrganization } from '../../identity/index.ts';
import { readPersonalContracts } from '../personal-store.ts';

export const subscriptionsPersonalData: PersonalData = {
  name: 'subscriptions',
  async export({ database }, userId) {
    const organizationId = await findPersonalOrganization(database, userId);
    return organizationId === undefined ? {} : readPersonalContracts(database, organizationId);
  },
  /** Contracts and what was bought are on invoices, under ids that name nobody. */
  async erase() {},
};
