/** What metering keeps about a person: the use of their own organization. */
import type { PersonalData } from '../../../platform/personal-data.ts';
import { findPersonalOrganization } from '../../identity/index.ts';
import { readPersonalUsage } from '../personal-store.ts';

export const meteringPersonalData: PersonalData = {
  name: 'metering',
  async export({ database }, userId) {
    const organizationId = await findPersonalOrganization(database, userId);
    return organizationId === undefined ? {} : readPersonalUsage(database, organizationId);
  },
  /** Every call is on a bill, under ids that name nobody. */
  async erase() {},
};
