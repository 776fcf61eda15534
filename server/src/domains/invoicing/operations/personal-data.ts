/** What invoicing keeps about a person: the papers of their own organization, which the law keeps. */
import type { PersonalData } from '../../../platform/personal-data.ts';
import { findPersonalOrganization } from '../../identity/index.ts';
import { erasePersonalInvoicing, readPersonalInvoicing } from '../personal-store.ts';

export const invoicingPersonalData: PersonalData = {
  name: 'invoicing',
  async export({ database }, userId) {
    const organizationId = await findPersonalOrganization(database, userId);
    return organizationId === undefined ? {} : readPersonalInvoicing(database, organizationId);
  },
  async erase(_context, transaction, userId) {
    const organizationId = await findPersonalOrganization(transaction, userId);
    if (organizationId !== undefined) await erasePersonalInvoicing(transaction, organizationId);
  },
};
