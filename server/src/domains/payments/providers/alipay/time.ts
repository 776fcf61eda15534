/** Beijing time, in which Alipay writes everything and never says so: eight hours ahead of UTC, without summer time. */
const aheadMs = 8 * 3_600_000;

/** `2026-03-31 09:30:00` in Beijing, whatever zone this process runs in. */
export function writeBeijingTime(at: Date): string {
  return new Date(at.getTime() + aheadMs).toISOString().slice(0, 19).replace('T', ' ');
}

/** Undefined for a text that is no such time. */
export function readBeijingTime(text: string): Date | undefined {
  const match = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)$/.exec(text);
  if (!match) return undefined;
  const at = new Date(`${match[1]}T${match[2]}+08:00`);
  return Number.isNaN(at.getTime()) ? undefined : at;
}
