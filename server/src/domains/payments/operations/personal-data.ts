/** What payments keeps about a person: payments and stored methods of their own organization. */
import type { PersonalData } from '../../../platform/personal-data.ts';
import { findPersonalOrganization } from '../../identity/index.ts';
import { nextQueryAt } from '../core/schedule.ts';
import { erasePersonalPayments, readPersonalPayments } from '../personal-store.ts';

export const paymentsPersonalData: PersonalData = {
  name: 'payments',
  async export({ database }, userId) {
    const organizationId = await findPersonalOrganization(database, userId);
    return organizationId === undefined ? {} : readPersonalPayments(database, organizationId);
  },
  /** Payments stay: they are on the books, under ids. */
  async erase({ clocks }, transaction, userId) {
    const organizationId = await findPersonalOrganization(transaction, userId);
    if (organizationId === undefined) return;
    await erasePersonalPayments(transaction, {
      organizationId,
      at: clocks.business(),
      nextRemovalAt: nextQueryAt(clocks.wall(), 0),
    });
  },
};
