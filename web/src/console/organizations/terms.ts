/** What the panels of an organization's plan, quotas and features have in common. */

export interface OfOrganization {
  organization: { id: string; name: string };
}

/** What reads the plan's terms, and must be read again when they change. */
export const termsReads = [
  'getOrganizationPlan',
  'listOrganizationQuotas',
  'getOrganizationFeatures',
] as const;
