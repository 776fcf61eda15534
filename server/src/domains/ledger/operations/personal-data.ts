/** What the ledger keeps about a person: the money of their own organization. */
import type { PersonalData } from '../../../platform/personal-data.ts';
import { findPersonalOrganization } from '../../identity/index.ts';
import { readPersonalLedger } from '../personal-store.ts';

export const ledgerPersonalData: PersonalData = {
  name: 'ledger',
  async export({ database }, userId) {
    const organizationId = await findPersonalOrganization(database, userId);
    return organizationId === undefined ? {} : readPersonalLedger(database, organizationId);
  },
  /** Every line is on the books, under ids that name nobody. */
  async erase() {},
};
