/** What operators noted about a person's own organization. */
import type { PersonalData } from '../../../platform/personal-data.ts';
import { findPersonalOrganization } from '../../identity/index.ts';
import { deleteNotesOf, readPersonalNotes } from '../personal-store.ts';

export const customersPersonalData: PersonalData = {
  name: 'customers',
  async export({ database }, userId) {
    const organizationId = await findPersonalOrganization(database, userId);
    return organizationId === undefined ? {} : readPersonalNotes(database, organizationId);
  },
  async erase(_context, transaction, userId) {
    const organizationId = await findPersonalOrganization(transaction, userId);
    if (organizationId !== undefined) await deleteNotesOf(transaction, organizationId);
  },
};
