/** What identity keeps about a person. */
import { notify } from '../../../platform/database/listen.ts';
import { invariant } from '../../../platform/errors.ts';
import type { PersonalData } from '../../../platform/personal-data.ts';
import { erasePersonOfAudit } from '../../audit/index.ts';
import { keyringChannel } from '../keyring.ts';
import { revokeKeysOf } from '../store/api-keys.ts';
import { revokeInvitations } from '../store/invitations.ts';
import { deleteMembers } from '../store/members.ts';
import { findPersonalOrganization, markClosed } from '../store/organizations.ts';
import { erasePerson, readPersonalData } from '../store/personal-data.ts';
import { findUser } from '../store/users.ts';

export const identityPersonalData: PersonalData = {
  name: 'identity',
  async export({ database }, userId) {
    const user = await findUser(database, userId);
    invariant(user, 'a session belongs to a person');
    const organizationId = await findPersonalOrganization(database, userId);
    return readPersonalData(database, { userId, email: user.email, organizationId });
  },
  async erase(context, transaction, userId) {
    const { clocks } = context;
    const user = await findUser(transaction, userId);
    invariant(user, 'a session belongs to a person');
    const organizationId = await findPersonalOrganization(transaction, userId);
    const at = clocks.wall();
    if (organizationId !== undefined) {
      const closed = clocks.business();
      await revokeKeysOf(transaction, { organizationId, at: closed });
      await revokeInvitations(transaction, { organizationId, now: at });
      await deleteMembers(transaction, organizationId);
      await markClosed(transaction, { id: organizationId, at: closed });
      await notify(transaction, keyringChannel, organizationId);
      // It is called as the person is, and its invoices went to them.
      await erasePersonOfAudit(context, transaction, organizationId);
    }
    await erasePerson(transaction, { userId, email: user.email, organizationId, at });
  },
};
