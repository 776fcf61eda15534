/** What an organization books its spending under. */
export interface CostCenter {
  id: string;
  organizationId: string;
  code: string;
  name: string;
  createdAt: Date;
  archivedAt: Date | null;
}

/** With how much is assigned to it: members, and keys themselves. */
export interface CountedCostCenter extends CostCenter {
  members: number;
  keys: number;
}

/** Live ones of an organization: a list that people can still read, and sums that stay few. */
export const costCentersMax = 500;
