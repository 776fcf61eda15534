/** What is kept about a person: what they were told, and where their own organization is told more. */
import type { PersonalData } from '../../../platform/personal-data.ts';
import { findPersonalOrganization } from '../../identity/index.ts';
import { deletePersonalNotices, readPersonalNotices } from '../personal-store.ts';

export const noticesPersonalData: PersonalData = {
  name: 'notices',
  async export({ database }, userId) {
    const organizationId = await findPersonalOrganization(database, userId);
    return readPersonalNotices(database, { userId, organizationId });
  },
  async erase(_context, transaction, userId) {
    const organizationId = await findPersonalOrganization(transaction, userId);
    await deletePersonalNotices(transaction, { userId, organizationId });
  },
};
