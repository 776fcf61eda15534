/** The choices of how long a key lives. Calendar steps, so that a year is a year. */
export const expiries = ['never', 7, 30, 90, 'year'] as const;
export type Expiry = (typeof expiries)[number];

export function expiryAfter(expiry: Expiry, now: Date): string | null {
  if (expiry === 'never') return null;
  const end = new Date(now);
  if (expiry === 'year') end.setUTCFullYear(end.getUTCFullYear() + 1);
  else end.setUTCDate(end.getUTCDate() + expiry);
  return end.toISOString();
}
