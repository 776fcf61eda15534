/** Portal sessions: an application lets its customer into the portal, without a password of ours. */
import { z } from 'zod';
import { Instant } from './conventions.ts';
import { endpoint } from './endpoint.ts';

/** Pages that a link may lead to. */
export const PortalPage = z
  .enum(['billing', 'plans', 'subscription', 'invoices', 'payment_methods', 'usage'])
  .meta({ id: 'PortalPage' });
export type PortalPage = z.output<typeof PortalPage>;

export const createPortalSession = endpoint({
  operation: 'createPortalSession',
  method: 'POST',
  path: '/api/v1/portal-sessions',
  summary:
    'A link that opens the portal once, within five minutes, for a customer of the application: to see and pay, not to make keys or change people.',
  body: z.strictObject({
    subject: z
      .union([
        z.strictObject({ external_id: z.string().min(1).max(200) }),
        z.strictObject({ organization: z.string().min(1).max(100) }),
      ])
      .meta({ description: 'A customer whom the application has registered.' }),
    page: PortalPage.optional().meta({ description: 'Where it leads; billing when left out.' }),
    return_url: z
      .url({ protocol: /^https?$/, error: 'Write an http or https address.' })
      .max(500)
      .optional()
      .meta({ description: 'Where the portal leads back to.' }),
    locale: z.enum(['en', 'zh-CN']).optional(),
  }),
  answer: z.object({ url: z.string(), expires_at: Instant }),
  status: 201,
  refusals: ['subject_unknown'],
  example: { subject: { external_id: 'customer-42' }, page: 'invoices' },
});

export const openPortalSession = endpoint({
  operation: 'openPortalSession',
  method: 'POST',
  path: '/api/v1/portal-sessions/open',
  summary: 'Uses such a link up and signs the browser in for an hour.',
  body: z.strictObject({ token: z.string().min(1).max(200) }),
  answer: z.object({
    page: PortalPage,
    return_url: z.string().nullable(),
    application: z.object({ name: z.string() }),
    expires_at: Instant,
  }),
  refusals: ['link_invalid'],
});
