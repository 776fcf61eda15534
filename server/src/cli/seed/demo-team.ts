/** A customer of several people: one opens the organization, invites the others, and gives out keys. */
import {
  acceptInvitation,
  createApiKey,
  createCostCenter,
  createInvitation,
  openOrganization,
} from '../../domains/identity/index.ts';
import type { Context } from '../../platform/context.ts';
import { invariant } from '../../platform/errors.ts';

export interface DemoTeam {
  name: string;
  costCenters: readonly { code: string; name: string }[];
  /** Who is invited, by the name that they signed up with. */
  members: readonly { name: string; role: 'admin' | 'member' }[];
  keys: readonly { name: string; holder: string; costCenter: string }[];
}

export interface DemoPerson {
  userId: string;
  /** Their own. */
  organizationId: string;
  email: string;
}

/** Answers the organization, and its keys in the order of the team's. */
export async function seedTeam(
  context: Context,
  {
    team,
    owner,
    signedUp,
  }: { team: DemoTeam; owner: DemoPerson; signedUp: ReadonlyMap<string, DemoPerson> },
): Promise<{ organizationId: string; apiKeyIds: string[] }> {
  const { id: organizationId } = await openOrganization(context, {
    userId: owner.userId,
    name: team.name,
  });
  const personNamed = (name: string) => {
    const person = signedUp.get(name);
    invariant(person, `${name} has signed up`);
    return person;
  };
  for (const { name, role } of team.members) {
    const { userId, email } = personNamed(name);
    const acting = { organizationId, userId: owner.userId };
    const { token } = await createInvitation(context, acting, { email, role });
    await acceptInvitation(context, { userId, token });
  }
  const costCenterIds = new Map<string, string>();
  for (const center of team.costCenters) {
    const { id } = await createCostCenter(context, { organizationId, ...center });
    costCenterIds.set(center.code, id);
  }
  const apiKeyIds: string[] = [];
  for (const { name, holder, costCenter } of team.keys) {
    const { id } = await createApiKey(context, {
      organizationId,
      userId: owner.userId,
      name,
      holderId: personNamed(holder).userId,
      costCenterId: costCenterIds.get(costCenter),
    });
    apiKeyIds.push(id);
  }
  return { organizationId, apiKeyIds };
}
