/** The deployment itself: in sandbox mode its business clock can be moved. */
import { z } from 'zod';
import { Instant, InstantInput } from './conventions.ts';
import { endpoint } from './endpoint.ts';

const Clock = z
  .object({ wall: Instant, business: Instant, offset_ms: z.number().int() })
  .meta({ id: 'Clock' });

export const getClock = endpoint({
  operation: 'getClock',
  method: 'GET',
  path: '/api/v1/admin/sandbox/clock',
  summary: 'The two clocks of a sandbox deployment.',
  answer: Clock,
});

export const moveClock = endpoint({
  operation: 'moveClock',
  method: 'POST',
  path: '/api/v1/admin/sandbox/clock',
  summary: 'Moves the business clock of a sandbox forward and runs what became due.',
  body: z.union([
    z.strictObject({ advance: z.string().max(40).meta({ example: 'P1D' }) }),
    z.strictObject({ to: InstantInput }),
  ]),
  answer: Clock,
  refusals: ['rule_violated'],
  example: { advance: 'P1D' },
});
