/** Settings of an organization: the basics, who is told what, and what it asks of its members' sessions. */
import { z } from 'zod';
import { AddressRange } from './api-keys.ts';
import { IdParams, Instant, nameOf } from './conventions.ts';
import { endpoint } from './endpoint.ts';

const BasicSettings = z
  .object({ name: z.string(), time_zone: z.string() })
  .meta({ id: 'OrganizationSettings' });

export const getOrganizationSettings = endpoint({
  operation: 'getOrganizationSettings',
  method: 'GET',
  path: '/api/v1/organizations/{id}/settings',
  summary: 'What an organization is called, and where its days begin.',
  params: IdParams,
  answer: BasicSettings,
});

export const setOrganizationSettings = endpoint({
  operation: 'setOrganizationSettings',
  method: 'PUT',
  path: '/api/v1/organizations/{id}/settings',
  summary:
    'Renames an organization and sets its time zone, which counts from the next reset of allowances on.',
  params: IdParams,
  body: z.strictObject({ name: nameOf('organization'), time_zone: z.string().max(64) }),
  answer: BasicSettings,
  example: { name: 'Analytical Engines', time_zone: 'Europe/London' },
});

/** What an organization is told of, and which permission makes a member hear of it unless the organization says otherwise. */
export const organizationEvents = {
  'invoice.to_pay': 'billing.pay',
  'payment.succeeded': 'billing.pay',
  'payment.failed': 'billing.pay',
  'payment.refunded': 'billing.pay',
  'wallet.low': 'billing.pay',
  'wallet.auto_top_up_off': 'billing.pay',
  'allowance.used': 'billing.pay',
  'package.activated': 'billing.pay',
  'package.ending': 'billing.pay',
  'subscription.changed': 'billing.pay',
  'quote.sent': 'billing.pay',
  'quota.exceeded': 'usage.read_members',
  'usage.anomaly': 'usage.read_members',
  'api_key.expiring': 'security.manage',
  'members.changed': 'members.manage',
  'security.changed': 'security.manage',
} as const;

export type OrganizationEvent = keyof typeof organizationEvents;

const EventName = z.enum(
  Object.keys(organizationEvents) as [OrganizationEvent, ...OrganizationEvent[]],
);

/** By which ways an organization is told: in the app, by mail, and in the chats that it has connected. */
export const noticeChannels = ['app', 'mail', 'telegram', 'wecom'] as const;
export type NoticeChannel = (typeof noticeChannels)[number];

/** Unless the organization says otherwise: every way, and no mail of what one has just done oneself. */
export function usualChannels(event: OrganizationEvent): readonly NoticeChannel[] {
  const isOwnDoing = event === 'package.activated' || event === 'payment.failed';
  return isOwnDoing ? noticeChannels.filter((channel) => channel !== 'mail') : noticeChannels;
}

const Channel = z.enum(noticeChannels);

const NotificationRule = z
  .object({
    event: EventName,
    said: z.boolean().meta({ description: 'Whether the organization said it, or it is usual.' }),
    channels: z.array(Channel).meta({ description: 'By which ways they are told.' }),
    members: z
      .array(z.string())
      .nullable()
      .meta({ description: 'Ids of those who are told; null: everyone whose role is about it.' }),
    addresses: z.array(z.string()).meta({ description: 'Mail addresses told beside them.' }),
  })
  .meta({ id: 'NotificationRule' });

export const getNotificationSettings = endpoint({
  operation: 'getNotificationSettings',
  method: 'GET',
  path: '/api/v1/organizations/{id}/notifications',
  summary: 'Who is told of what happens to an organization, and by which ways.',
  params: IdParams,
  answer: z.object({ data: z.array(NotificationRule), next_cursor: z.null() }),
});

export const setNotificationSettings = endpoint({
  operation: 'setNotificationSettings',
  method: 'PUT',
  path: '/api/v1/organizations/{id}/notifications',
  summary:
    'Says who is told of what, and by which ways. An event that is left out keeps its default; members see it in the app and get a mail, addresses get a mail.',
  params: IdParams,
  body: z.strictObject({
    rules: z
      .array(
        z.strictObject({
          event: EventName,
          channels: z
            .array(Channel)
            .max(noticeChannels.length)
            .nullable()
            .default(null)
            .meta({ description: 'Null: those that are usual for the event.' }),
          members: z.array(z.string().min(1).max(100)).max(100).nullable(),
          addresses: z
            .array(z.email('Write a mail address such as "bills@example.com".').max(254))
            .max(20, 'Give at most 20 addresses.'),
        }),
      )
      .max(Object.keys(organizationEvents).length),
  }),
  answer: z.object({ data: z.array(NotificationRule), next_cursor: z.null() }),
  refusals: ['rule_violated'],
  example: {
    rules: [{ event: 'invoice.to_pay', members: [], addresses: ['bills@example.com'] }],
  },
});

/** How a member may have signed in; guests whom an application lets in are not asked. */
export const signInMethods = ['password', 'passkey', 'ldap', 'oidc', 'saml'] as const;

/** How somebody proved who they are; `portal_link` is a guest whom an application let in. */
export type SignInMethod = (typeof signInMethods)[number] | 'portal_link';

const SecurityFields = {
  require_second_factor: z.boolean(),
  sign_in_methods: z
    .array(z.enum(signInMethods))
    .min(1, 'Leave at least one way to sign in.')
    .max(signInMethods.length)
    .nullable()
    .meta({ description: 'How a session must have begun; null: in any way.' }),
  session_hours: z
    .number()
    .int()
    .min(1)
    .max(4320)
    .nullable()
    .meta({ description: 'So long after signing in a session counts here; null: to its end.' }),
  ip_allowlist: z
    .array(AddressRange)
    .min(1)
    .max(100)
    .nullable()
    .meta({ description: 'From where members may come; null: from anywhere.' }),
};

const SecuritySettings = z
  .object({
    ...SecurityFields,
    ip_allowlist: z.array(z.string()).nullable(),
    updated_at: Instant.nullable(),
  })
  .meta({ id: 'SecuritySettings' });

export const getSecuritySettings = endpoint({
  operation: 'getSecuritySettings',
  method: 'GET',
  path: '/api/v1/organizations/{id}/security',
  summary: 'What an organization asks of the sessions of its members.',
  params: IdParams,
  answer: SecuritySettings,
});

export const setSecuritySettings = endpoint({
  operation: 'setSecuritySettings',
  method: 'PUT',
  path: '/api/v1/organizations/{id}/security',
  summary:
    'Says what an organization asks of the sessions of its members, from their next request on. What would refuse the caller’s own session is refused.',
  params: IdParams,
  body: z.strictObject(SecurityFields),
  answer: SecuritySettings,
  refusals: ['would_lock_out'],
  example: {
    require_second_factor: false,
    sign_in_methods: null,
    session_hours: 720,
    ip_allowlist: null,
  },
});

export const liftSecuritySettings = endpoint({
  operation: 'liftSecuritySettings',
  method: 'DELETE',
  path: '/api/v1/admin/organizations/{id}/security',
  summary:
    'Lifts what an organization asks of its members’ sessions, for owners who have locked themselves out; they are told by mail.',
  params: IdParams,
  status: 204,
});
