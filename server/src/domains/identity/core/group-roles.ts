/** What groups of a provider give here. */

export type GroupRole = 'admin' | 'billing' | 'member';

export interface GroupMappings {
  admin_groups: readonly string[];
  operator_groups: readonly string[];
  organization_groups: readonly { group: string; organization: string; role: GroupRole }[];
}

export interface Given {
  platformRole: 'admin' | 'operator' | null;
  /** By organization. */
  memberships: ReadonlyMap<string, GroupRole>;
}

const ranks: readonly GroupRole[] = ['member', 'billing', 'admin'];

/** Groups are compared in any case; of several roles the highest counts. */
export function rolesOf(mappings: GroupMappings, groups: readonly string[]): Given {
  const held = new Set(groups.map(plain));
  const isIn = (group: string) => held.has(plain(group));
  const memberships = new Map<string, GroupRole>();
  for (const { group, organization, role } of mappings.organization_groups) {
    if (!isIn(group)) continue;
    const before = memberships.get(organization);
    if (before === undefined || ranks.indexOf(role) > ranks.indexOf(before)) {
      memberships.set(organization, role);
    }
  }
  const isOperator = mappings.operator_groups.some(isIn);
  const platformRole = mappings.admin_groups.some(isIn) ? 'admin' : isOperator ? 'operator' : null;
  return { platformRole, memberships };
}

/** An organization's provider speaks for that organization alone; who is in none of its groups has the default role. */
export function rolesWithin(
  { organizationId, defaultRole }: { organizationId: string; defaultRole: GroupRole },
  mappings: GroupMappings,
  groups: readonly string[],
): Given {
  const role = rolesOf(mappings, groups).memberships.get(organizationId) ?? defaultRole;
  return { platformRole: null, memberships: new Map([[organizationId, role]]) };
}

function plain(group: string): string {
  return group
    .trim()
    .toLowerCase()
    .replace(/\s*,\s*/g, ',');
}
