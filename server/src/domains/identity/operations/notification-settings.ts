import { type OrganizationEvent, organizationEvents } from '@sluice/contract/organization-settings';
import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Executor } from '../../../platform/database/pool.ts';
import { Refusal } from '../../../platform/errors.ts';
import { recordAudit } from '../../audit/index.ts';
import { normalizeEmail } from '../core/people.ts';
import { findMember } from '../store/members.ts';
import {
  findNotificationRules,
  type NotificationRule,
  replaceNotificationRules,
} from '../store/notification-rules.ts';
import { lockOrganization } from '../store/organizations.ts';

/** A rule for every event: what the organization said, or the default. */
export async function readNotificationRules(
  executor: Executor,
  organizationId: string,
): Promise<ShownRule[]> {
  const rules = await findNotificationRules(executor, organizationId);
  return (Object.keys(organizationEvents) as OrganizationEvent[]).map((event) => {
    const said = rules.find((rule) => rule.event === event);
    const usual = { event, channels: null, userIds: null, addresses: [] };
    return { ...(said ?? usual), isSaid: said !== undefined };
  });
}

export interface ShownRule extends NotificationRule {
  /** Whether the organization said it, or it is the default. */
  isSaid: boolean;
}

/**
 * Says who is told of what; what is left out keeps its default.
 * @throws Refusal `rule_violated` for somebody who is no member, `malformed` for an event named twice.
 */
export async function changeNotificationRules(
  context: Context,
  organizationId: string,
  given: readonly NotificationRule[],
): Promise<ShownRule[]> {
  if (new Set(given.map(({ event }) => event)).size < given.length) {
    throw new Refusal('malformed', 'Name each event once.', { param: 'rules' });
  }
  return inTransaction(context, async (transaction) => {
    await lockOrganization(transaction, organizationId);
    const rules = given.map((rule) => ({
      ...rule,
      channels: rule.channels && [...new Set(rule.channels)],
      userIds: rule.userIds && [...new Set(rule.userIds)],
      addresses: [...new Set(rule.addresses.map(normalizeEmail))],
    }));
    for (const userId of new Set(rules.flatMap((rule) => rule.userIds ?? []))) {
      if (await findMember(transaction, { organizationId, userId })) continue;
      throw new Refusal('rule_violated', 'Name members of the organization only.', {
        param: 'rules',
      });
    }
    const old = await findNotificationRules(transaction, organizationId);
    const at = context.clocks.business();
    await replaceNotificationRules(transaction, organizationId, { rules, at });
    await recordAudit(context, transaction, {
      organizationId,
      action: 'organization.set_notifications',
      resource: { kind: 'organization', id: organizationId },
      oldValues: { rules: old.map(valuesOf) },
      newValues: { rules: rules.map(valuesOf) },
    });
    return readNotificationRules(transaction, organizationId);
  });
}

function valuesOf({ event, channels, userIds, addresses }: NotificationRule) {
  return { event, channels, members: userIds, addresses };
}
