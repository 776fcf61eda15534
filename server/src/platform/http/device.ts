/** A browser's mark: given by identity when somebody signs up or in, shown by the browser from then on. */
import type { FastifyRequest } from 'fastify';

export const deviceCookie = 'sluice_device';

/** What the caller's browser shows; undefined for anything that we did not give. */
export function deviceOf({ cookies }: Pick<FastifyRequest, 'cookies'>): string | undefined {
  const mark = cookies?.[deviceCookie];
  return mark !== undefined && /^[0-9a-z]{26}$/.test(mark) ? mark : undefined;
}
