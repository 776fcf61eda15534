import { type Context, inTransaction } from '../../../platform/context.ts';
import { notFound, Refusal } from '../../../platform/errors.ts';
import { recordAudit } from '../../audit/index.ts';
import { builtIn, referenceOf } from '../core/roles.ts';
import { findMember, type MemberRow, updateMemberRole } from '../store/members.ts';
import { holdOrganization } from './hold-organization.ts';
import { type Person, type Proof, proveAgain } from './prove-again.ts';
import { tellOrganization } from './tell-organization.ts';

/**
 * Makes another member the owner and the caller an admin. A thief of a session must not be able to: the caller shows
 * their password or a code, unless they just signed in with a second factor.
 * @throws Refusal `not_found`, `proof_required`, `proof_invalid`, `invalid_state`.
 */
export async function transferOrganization(
  context: Context,
  person: Person,
  { organizationId, memberId, proof }: { organizationId: string; memberId: string; proof: Proof },
): Promise<MemberRow> {
  await proveAgain(context, person, { proof, need: 'strong' });
  return inTransaction(context, async (transaction) => {
    const { userId } = person;
    const { organization, permissions } = await holdOrganization(transaction, {
      organizationId,
      userId,
    });
    const member = await findMember(transaction, { organizationId, userId: memberId });
    if (!member) throw notFound('member');
    if (!permissions.includes('organization.own')) {
      throw new Refusal('forbidden', 'Only an owner may hand an organization over.');
    }
    if (organization.personal) {
      throw new Refusal(
        'invalid_state',
        'This organization came with an account and stays with it: make another one to hand over.',
      );
    }
    if (memberId === userId || member.status !== 'active') {
      throw new Refusal('invalid_state', 'Hand it over to another member who can sign in.');
    }
    const owner = builtIn('owner');
    await updateMemberRole(transaction, { organizationId, userId: memberId, ...owner });
    await updateMemberRole(transaction, { organizationId, userId, ...builtIn('admin') });
    await recordAudit(context, transaction, {
      organizationId,
      action: 'organization.transfer',
      resource: { kind: 'organization', id: organizationId },
      oldValues: { owner: userId, role_of_new_owner: referenceOf(member) },
      newValues: { owner: memberId },
    });
    await tellOrganization(context, transaction, organization, {
      notice: 'handed_over',
      who: member.name ?? member.email,
    });
    return { ...member, ...owner };
  });
}
