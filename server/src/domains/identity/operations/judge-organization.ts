import type { Platform } from '../../../platform/context.ts';
import { Refusal } from '../../../platform/errors.ts';
import { readSetting } from '../../settings/index.ts';
import { decideStatus, type Standing, type StatusDecision } from '../core/standing.ts';

/** Decides by the deployment's days of grace; only an organization that owes costs a look at the settings. */
export async function judgeOrganization(
  { database, clocks }: Pick<Platform, 'database' | 'clocks'>,
  standing: Standing,
): Promise<StatusDecision> {
  const owes = standing.organizationStatus === 'past_due';
  const graceDays = owes ? await readSetting(database, 'past_due_grace_days') : 0;
  return decideStatus(standing, { graceDays, now: clocks.business() });
}

const sentences = {
  organization_suspended: 'The organization is suspended: contact support.',
  user_suspended:
    'The person whose key this is is suspended: use a key that somebody else made, or contact support.',
  organization_past_due: 'The organization has not paid in time: pay its open invoices to go on.',
} as const;

/**
 * Lets an organization that may be served pass.
 * @throws Refusal `organization_suspended`, `organization_past_due`.
 */
export async function requireStanding(
  platform: Pick<Platform, 'database' | 'clocks'>,
  standing: Standing,
): Promise<void> {
  const decision = await judgeOrganization(platform, standing);
  if (!decision.permitted) throw new Refusal(decision.code, sentences[decision.code]);
}
