/** What the usage page is asked for. */

export const periods = [7, 30, 90] as const;
export type Period = (typeof periods)[number];

export const groups = ['model', 'api_key', 'application', 'member', 'tag'] as const;
export type Group = (typeof groups)[number];

/** So many days back, to the full minute, so that looking again asks for the same. */
export function since(now: Date, days: Period): string {
  const minute = 60_000;
  const instant = now.getTime() - days * 24 * 60 * minute;
  return new Date(Math.floor(instant / minute) * minute).toISOString();
}
