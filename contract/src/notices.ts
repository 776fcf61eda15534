/** Notices: what somebody is told in the app, the chats an organization is told in, and what became of each telling. */
import { z } from 'zod';
import { Amount, AmountNotNegative, Currency } from './amounts.ts';
import { IdParams, Instant, nameOf, PageQuery, pageOf } from './conventions.ts';
import { endpoint } from './endpoint.ts';
import { noticeChannels } from './organization-settings.ts';

const Locale = z.enum(['en', 'zh-CN']);

const Notice = z
  .object({
    id: z.string(),
    event: z.string().meta({ description: 'What happened, such as `payment.succeeded`.' }),
    title: z.string(),
    text: z.string(),
    path: z.string().meta({ description: 'The page that settles it, on this server.' }),
    read: z.boolean(),
    occurred_at: Instant,
  })
  .meta({ id: 'Notice' });

export const listNotices = endpoint({
  operation: 'listNotices',
  method: 'GET',
  path: '/api/v1/notices',
  summary: 'What you were told in the acting organization, the newest first.',
  query: PageQuery.extend({
    unread: z.enum(['true', 'false']).optional(),
    locale: Locale.optional().meta({ description: 'In which language; left out: your own.' }),
  }),
  answer: pageOf(Notice),
});

export const countNotices = endpoint({
  operation: 'countNotices',
  method: 'GET',
  path: '/api/v1/notices/unread',
  summary: 'How many notices you have not read in the acting organization; 100 stands for more.',
  answer: z.object({ unread: z.number().int() }),
});

export const readNotice = endpoint({
  operation: 'readNotice',
  method: 'POST',
  path: '/api/v1/notices/{id}/read',
  summary: 'Marks a notice as read.',
  params: IdParams,
  status: 204,
});

export const readNotices = endpoint({
  operation: 'readNotices',
  method: 'POST',
  path: '/api/v1/notices/read',
  summary: 'Marks everything that you were told in the acting organization as read.',
  status: 204,
});

const Destination = z
  .object({
    id: z.string(),
    channel: z.enum(['telegram', 'wecom']),
    name: z.string(),
    locale: Locale,
    status: z.enum(['waiting', 'active']).meta({
      description: 'A Telegram chat waits until somebody there has opened its link.',
    }),
    link: z.string().nullable().meta({ description: 'Opens the bot in the chat to connect.' }),
    link_expires_at: Instant.nullable(),
    created_at: Instant,
  })
  .meta({ id: 'NoticeDestination' });

export const listNoticeDestinations = endpoint({
  operation: 'listNoticeDestinations',
  method: 'GET',
  path: '/api/v1/notice-destinations',
  summary: 'The chats that the acting organization is told in.',
  answer: z.object({
    data: z.array(Destination),
    next_cursor: z.null(),
    channels: z
      .array(z.enum(['telegram', 'wecom']))
      .meta({ description: 'Those that this deployment can tell by.' }),
  }),
});

export const createNoticeDestination = endpoint({
  operation: 'createNoticeDestination',
  method: 'POST',
  path: '/api/v1/notice-destinations',
  summary:
    'Connects a chat: of Telegram by a link to open there, of WeCom by the key of a group robot.',
  body: z.discriminatedUnion('channel', [
    z.strictObject({
      channel: z.literal('telegram'),
      name: nameOf('chat'),
      locale: Locale,
    }),
    z.strictObject({
      channel: z.literal('wecom'),
      name: nameOf('chat'),
      locale: Locale,
      robot: z
        .string()
        .max(300)
        .meta({ description: 'The robot’s webhook address, or the key at its end.' }),
    }),
  ]),
  answer: Destination,
  status: 201,
  refusals: ['rule_violated', 'invalid_state'],
  idempotent: true,
  example: {
    channel: 'wecom',
    name: 'Operations',
    locale: 'zh-CN',
    robot: '693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa',
  },
});

export const checkNoticeDestination = endpoint({
  operation: 'checkNoticeDestination',
  method: 'POST',
  path: '/api/v1/notice-destinations/{id}/check',
  summary: 'Looks whether somebody has opened the link of a Telegram chat by now.',
  params: IdParams,
  answer: Destination,
});

export const testNoticeDestination = endpoint({
  operation: 'testNoticeDestination',
  method: 'POST',
  path: '/api/v1/notice-destinations/{id}/test',
  summary: 'Sends a trial message to a chat, once, and says what became of it.',
  params: IdParams,
  answer: z.object({
    outcome: z.enum(['sent', 'refused', 'down', 'unknown']),
    detail: z.string().nullable(),
  }),
  refusals: ['invalid_state', 'too_many_requests'],
});

export const deleteNoticeDestination = endpoint({
  operation: 'deleteNoticeDestination',
  method: 'DELETE',
  path: '/api/v1/notice-destinations/{id}',
  summary: 'Disconnects a chat; nothing more is told there.',
  params: IdParams,
  status: 204,
});

export const tellingStatuses = ['queued', 'sending', 'sent', 'skipped', 'unclear'] as const;

const Telling = z
  .object({
    id: z.string(),
    notice: z.string(),
    organization: z.string(),
    event: z.string(),
    channel: z.enum(noticeChannels),
    to: z.string().meta({
      description: 'A member’s id, a chat’s name, or `address` for a mail address.',
    }),
    status: z.enum(tellingStatuses).meta({
      description:
        'Skipped: it could not be told, and is not tried again. Unclear: whether it arrived is not known, so it is not told twice.',
    }),
    attempts: z.number().int(),
    detail: z.string().nullable().meta({ description: 'Why the last try failed.' }),
    created_at: Instant,
    next_try_at: Instant.nullable(),
    finished_at: Instant.nullable(),
  })
  .meta({ id: 'NoticeTelling' });

const TellingQuery = PageQuery.extend({
  status: z.enum(tellingStatuses).optional(),
  channel: z.enum(noticeChannels).optional(),
});

export const listNoticeTellings = endpoint({
  operation: 'listNoticeTellings',
  method: 'GET',
  path: '/api/v1/notice-tellings',
  summary: 'Whom the acting organization’s notices were told, by which way, and what became of it.',
  query: TellingQuery,
  answer: pageOf(Telling),
});

export const searchNoticeTellings = endpoint({
  operation: 'searchNoticeTellings',
  method: 'GET',
  path: '/api/v1/admin/notifications',
  summary: 'Tellings of all organizations, the newest first.',
  query: TellingQuery.extend({ organization: z.string().max(100).optional() }),
  answer: pageOf(Telling),
});

const LowBalance = z.object({ amount: Amount, currency: Currency }).meta({ id: 'LowBalance' });

export const getLowBalance = endpoint({
  operation: 'getLowBalance',
  method: 'GET',
  path: '/api/v1/organizations/{id}/low-balance',
  summary: 'Below which balance an organization is told that its wallet runs low.',
  params: IdParams,
  answer: LowBalance,
});

export const setLowBalance = endpoint({
  operation: 'setLowBalance',
  method: 'PUT',
  path: '/api/v1/organizations/{id}/low-balance',
  summary: 'Says below which balance an organization is told that its wallet runs low; 0: never.',
  params: IdParams,
  body: z.strictObject({ amount: AmountNotNegative }),
  answer: LowBalance,
  example: { amount: '20' },
});
