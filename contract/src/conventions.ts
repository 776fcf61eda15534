/** What every endpoint shares: pages, instants, ids, the error body. */
import { z } from 'zod';

export const pageLimitMax = 200;

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

/** Query of every list. */
export const PageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(pageLimitMax).default(50),
  cursor: z.string().max(500).optional(),
});

/** Wraps an item's schema as a page of them. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ data: z.array(item), next_cursor: z.string().nullable() });
}

/** Parameters of a path that names one record. */
export const IdParams = z.strictObject({ id: z.string().min(1).max(100) });

/** A name that people read: trimmed, not empty, no control characters. */
export function nameOf(what: string, maxLength = 100) {
  return (
    z
      .string()
      .trim()
      .min(1, `Give the ${what} a name.`)
      .max(maxLength, `Keep the name within ${maxLength} characters.`)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it refuses
      .regex(/^[^\u0000-\u001f\u007f]*$/, 'Leave control characters out of the name.')
  );
}

export const ErrorBody = z
  .object({
    error: z.object({
      code: z.string(),
      message: z.string(),
      param: z.string().optional(),
      request_id: z.string(),
    }),
  })
  .meta({ id: 'Error' });
export type ErrorBody = z.infer<typeof ErrorBody>;
