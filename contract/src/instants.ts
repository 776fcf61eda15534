/** Instants and days on the wire. */
import { z } from 'zod';

/** RFC 3339 instant in UTC. */
export const Instant = z.iso
  .datetime()
  .meta({ id: 'Instant', example: '2026-01-31T08:00:00.000Z' });

/** Instant as input: any offset is accepted. */
export const InstantInput = z.iso.datetime({
  offset: true,
  error: 'Write the time as RFC 3339, such as "2026-01-31T08:00:00Z".',
});

/** A calendar day, `YYYY-MM-DD`, in the organization's zone. */
export const Day = z.iso.date().meta({ id: 'Day', example: '2026-01-31' });
