/** What the doctor asks. Each domain offers its checks from its door; `wiring/checks.ts` collects them. */
import type { Context } from './context.ts';

export interface Finding {
  /** `warn`: it works, but wants a look; `fail`: something does not work, or will not. */
  status: 'ok' | 'warn' | 'fail';
  /** A sentence that says how it is. */
  what: string;
  /** A sentence that says what to do; of everything but `ok`. */
  advice?: string;
}

export interface Check {
  /** One or two words: "jobs". */
  name: string;
  run(context: Context): Promise<Finding[]>;
}

export function ok(what: string): Finding {
  return { status: 'ok', what };
}

export function warn(what: string, advice: string): Finding {
  return { status: 'warn', what, advice };
}

export function fail(what: string, advice: string): Finding {
  return { status: 'fail', what, advice };
}

/** "3 mails", "1 mail". */
export function count(many: number | bigint, noun: string): string {
  return `${many} ${noun}${BigInt(many) === 1n ? '' : 's'}`;
}

/** "5 minutes", as roughly as a person would say it. */
export function lasting(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 1) return count(Math.round(ms / 1000), 'second');
  if (minutes < 120) return count(minutes, 'minute');
  const hours = Math.round(minutes / 60);
  return hours < 48 ? count(hours, 'hour') : count(Math.round(hours / 24), 'day');
}
