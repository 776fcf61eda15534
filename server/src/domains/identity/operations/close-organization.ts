import { type Context, inTransaction } from '../../../platform/context.ts';
import { notify } from '../../../platform/database/listen.ts';
import { Refusal } from '../../../platform/errors.ts';
import { recordAudit } from '../../audit/index.ts';
import { organizationClosing } from '../events.ts';
import { keyringChannel } from '../keyring.ts';
import { revokeKeysOf } from '../store/api-keys.ts';
import { revokeInvitations } from '../store/invitations.ts';
import { deleteMembers } from '../store/members.ts';
import { markClosed } from '../store/organizations.ts';
import { type Acting, holdOrganization } from './hold-organization.ts';

/**
 * Closes an organization: its keys stop, its people and invitations go, its books stay. Whoever keeps its bills, payments
 * or contracts refuses as long as one of them is open.
 * @throws Refusal `not_found`, `forbidden`, `invalid_state`.
 */
export async function closeOrganization(context: Context, acting: Acting): Promise<void> {
  await inTransaction(context, async (transaction) => {
    const { organization, permissions } = await holdOrganization(transaction, acting);
    if (!permissions.includes('organization.own')) {
      throw new Refusal('forbidden', 'Only an owner may close an organization.');
    }
    if (organization.personal) {
      throw new Refusal(
        'invalid_state',
        'This organization came with your account: delete the account to close it.',
      );
    }
    const { id } = organization;
    await context.events.announce(context, transaction, organizationClosing, {
      organizationId: id,
    });
    const at = context.clocks.business();
    const keys = await revokeKeysOf(transaction, { organizationId: id, at });
    const now = context.clocks.wall();
    const invitations = await revokeInvitations(transaction, { organizationId: id, now });
    const members = await deleteMembers(transaction, id);
    await markClosed(transaction, { id, at });
    await notify(transaction, keyringChannel, id);
    await recordAudit(context, transaction, {
      organizationId: id,
      action: 'organization.close',
      resource: { kind: 'organization', id },
      oldValues: { name: organization.name, members, keys, invitations },
    });
  });
}
