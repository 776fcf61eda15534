import type { Permission } from '@sluice/contract/permissions';

/** What permissions are about, in the order in which they are shown. */
export const areas = [
  'organization',
  'security',
  'members',
  'roles',
  'keys',
  'usage',
  'billing',
  'subscriptions',
  'audit',
] as const;

export type Area = (typeof areas)[number];

export function inArea(area: Area): (permission: Permission) => boolean {
  return (permission) => permission.startsWith(`${area}.`);
}
