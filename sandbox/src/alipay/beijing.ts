/** Alipay's clock on the wall: Beijing time, written without a zone. */

const ahead = '+08:00';
const dayMs = 86_400_000;

/** `2026-03-31 09:30:00` */
export function beijingTime(at: Date): string {
  return at.toLocaleString('sv-SE', { timeZone: 'Asia/Shanghai' });
}

export function beijingDate(at: Date): string {
  return beijingTime(at).slice(0, 10);
}

/** Undefined for a text that is no such time. */
export function parseBeijingTime(text: string): Date | undefined {
  if (!/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/.test(text)) return undefined;
  const at = new Date(text.replace(' ', 'T') + ahead);
  return Number.isNaN(at.getTime()) ? undefined : at;
}

/** The two midnights around a date; undefined where it is none. */
export function beijingDay(date: string): { from: Date; to: Date } | undefined {
  const from = parseBeijingTime(`${date} 00:00:00`);
  return from && { from, to: new Date(from.getTime() + dayMs) };
}
