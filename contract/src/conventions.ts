/** What every endpoint shares: pages, instants, ids, the error body. */
import { z } from 'zod';
import { InstantInput } from './instants.ts';
import { Limit } from './limits.ts';

export { Day, Instant, InstantInput } from './instants.ts';

export const pageLimitMax = 200;

/** Query of every list. */
export const PageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(pageLimitMax).default(50),
  cursor: z.string().max(500).optional(),
});

/** Query of a list that can be narrowed to what was made, or happened, within a time. */
export const TimedPageQuery = PageQuery.extend({
  from: InstantInput.optional().meta({ description: 'Of that instant or later.' }),
  to: InstantInput.optional().meta({ description: 'Of before that instant.' }),
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
      details: z
        .array(z.object({ line: z.number().int(), column: z.number().int(), message: z.string() }))
        .optional()
        .meta({ description: 'Every problem of a text, where it stands.' }),
      request_id: z.string(),
      limit: Limit.optional().meta({ description: 'The limit that refused.' }),
      retry_after_seconds: z
        .number()
        .int()
        .optional()
        .meta({ description: 'As the header `Retry-After` says.' }),
    }),
  })
  .meta({ id: 'Error' });
export type ErrorBody = z.infer<typeof ErrorBody>;
