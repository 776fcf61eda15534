/** A limit as answers and refusals show it: what, how much of it is left, and when it begins anew. */
import { z } from 'zod';
import { Amount } from './amounts.ts';
import { Instant } from './instants.ts';

export const Limit = z
  .object({
    kind: z.enum(['quota', 'spend_cap', 'requests_per_minute', 'tokens_per_minute', 'concurrency']),
    quota: z.string().optional().meta({ description: 'Id of the quota.' }),
    meter: z.string().optional().meta({ description: '`requests`, or `medical.analyses`.' }),
    unit: z.enum(['count', 'tokens', 'gb', 'money']).optional(),
    window: z.enum(['minute', 'hour', 'day', 'month', 'year', 'lifetime']).optional(),
    subject: z.object({
      kind: z.enum(['organization', 'member', 'api_key', 'cost_center']),
      id: z.string(),
    }),
    limit: Amount.nullable().meta({ description: 'Null: unlimited.' }),
    used: Amount,
    reserved: Amount.meta({ description: 'Held by calls in flight.' }),
    remaining: Amount.nullable().meta({ description: 'Null: unlimited.' }),
    resets_at: Instant.nullable().meta({ description: 'Null where it never begins anew.' }),
    hard: z.boolean().meta({ description: 'Refuses; a soft one only records.' }),
  })
  .meta({ id: 'Limit' });
export type Limit = z.infer<typeof Limit>;
