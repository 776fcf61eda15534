import type { PermissionArea } from './PermissionMatrix.tsx';

/** Permissions gathered by what they are about, as they are listed in the contract. */
export function areasOf<P extends string>(
  permissions: readonly P[],
  words: { area: (key: string) => string; permission: (key: P) => string },
): PermissionArea[] {
  const areas = Map.groupBy(permissions, (permission) =>
    permission.slice(0, permission.indexOf('.')),
  );
  return [...areas].map(([key, members]) => ({
    key,
    label: words.area(key),
    permissions: members.map((member) => ({ key: member, label: words.permission(member) })),
  }));
}
