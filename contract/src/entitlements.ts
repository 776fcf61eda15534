/** What an organization may use now. */
import { z } from 'zod';
import { Amount, Currency } from './amounts.ts';
import { Day, Instant, PageQuery, pageOf } from './conventions.ts';
import { endpoint } from './endpoint.ts';

export const DailyUsage = z
  .object({
    organization_package: z.string().meta({ description: 'The package as it was bought.' }),
    package: z.object({ id: z.string(), name: z.string() }),
    date: Day,
    allowance: Amount,
    used: Amount,
    held: Amount,
    remaining: Amount,
    currency: Currency,
    resets_at: Instant,
    expires_at: Instant.meta({ description: 'When the package ends.' }),
  })
  .meta({ id: 'DailyUsage' });

export const listDailyUsage = endpoint({
  operation: 'listDailyUsage',
  method: 'GET',
  path: '/api/v1/billing/daily-usage',
  summary: 'Today’s allowance of each package, in the organization’s time zone.',
  query: PageQuery,
  answer: pageOf(DailyUsage),
});
