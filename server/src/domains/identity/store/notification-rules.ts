/** SQL about whom an organization has told of what. */
import type { NoticeChannel, OrganizationEvent } from '@sluice/contract/organization-settings';
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../../platform/database/pool.ts';

export interface NotificationRule {
  event: OrganizationEvent;
  /** Null: those that are usual for the event. */
  channels: NoticeChannel[] | null;
  /** Null: everyone whose role is about it. */
  userIds: string[] | null;
  addresses: string[];
}

export async function findNotificationRules(
  executor: Executor,
  organizationId: string,
): Promise<NotificationRule[]> {
  const { rows } = await sql<NotificationRule>`
    select event, channels, user_ids as "userIds", addresses
    from identity_notification_rules
    where organization_id = ${organizationId}
  `.execute(executor);
  return rows;
}

export async function findNotificationRule(
  executor: Executor,
  { organizationId, event }: { organizationId: string; event: OrganizationEvent },
): Promise<NotificationRule | undefined> {
  const { rows } = await sql<NotificationRule>`
    select event, channels, user_ids as "userIds", addresses
    from identity_notification_rules
    where organization_id = ${organizationId} and event = ${event}
  `.execute(executor);
  return rows[0];
}

/** Replaces all rules of an organization. The caller holds the organization's row. */
export async function replaceNotificationRules(
  transaction: Transaction,
  organizationId: string,
  { rules, at }: { rules: readonly NotificationRule[]; at: Date },
): Promise<void> {
  await sql`
    delete from identity_notification_rules
    where organization_id = ${organizationId}
  `.execute(transaction);
  for (const rule of rules) {
    await sql`
      insert into identity_notification_rules
        (organization_id, event, channels, user_ids, addresses, updated_at)
      values
        (${organizationId}, ${rule.event}, ${rule.channels}::text[], ${rule.userIds}, ${rule.addresses}, ${at})
    `.execute(transaction);
  }
}
