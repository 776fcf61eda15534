import { type Context, inTransaction } from '../../../platform/context.ts';
import { Refusal } from '../../../platform/errors.ts';
import { addDuration } from '../../../platform/time.ts';
import { readSetting } from './read-setting.ts';
import { writeSetting } from './write-setting.ts';

/** Where to: so far on from now, or an instant. */
export type ClockMove = { advance: string } | { to: string };

/** Farthest that business time may run ahead: what lies beyond is outside every calendar we test. */
const offsetMaxMs = 50 * 366 * 86_400_000;
const minuteMs = 60_000;

export interface ClockDeps {
  /** Makes what the time until then will need; called before any process can see that time. */
  prepare(context: Context, until: Date): Promise<void>;
  setOffsetMs(offsetMs: number): void;
  /** When something will be due next, from now on; undefined where nothing will. */
  nextDue(context: Context): Promise<Date | undefined>;
  /** Runs everything that became due, in order. */
  runDue(context: Context, stop: { isLastStop: boolean }): Promise<void>;
}

/**
 * Moves business time of a sandbox forward. On its way it stops in every minute in which something is due and runs it,
 * so what happens in a year that passes at once is what would happen in a year. Stopped half-way, it can be moved on.
 * @throws Refusal `not_found` in live mode, `rule_violated` for a move backwards or too far.
 */
export async function moveClock(
  context: Context,
  move: ClockMove,
  { prepare, setOffsetMs, nextDue, runDue }: ClockDeps,
): Promise<void> {
  requireSandbox(context);
  const target = targetOf(context, move, await readSetting(context.database, 'clock_offset_ms'));
  await prepare(context, target);
  let stop: Date | undefined;
  do {
    stop = stopBefore(target, await nextDue(context), context.clocks.business());
    setOffsetMs(await setTime(context, stop ?? target));
    await runDue(context, { isLastStop: stop === undefined });
  } while (stop);
}

function targetOf(context: Context, move: ClockMove, offsetMs: number): Date {
  const wallMs = context.clocks.wall().getTime();
  const now = new Date(wallMs + offsetMs);
  const target = 'to' in move ? new Date(move.to) : addDuration(now, move.advance);
  if (target === undefined) {
    throw new Refusal('rule_violated', 'Write the duration as ISO 8601, such as "P1D" or "PT6H".', {
      param: 'advance',
    });
  }
  if (target < now || target.getTime() - wallMs > offsetMaxMs) {
    throw new Refusal(
      'rule_violated',
      'The clock only moves forward, by at most 50 years in all.',
      { param: 'to' in move ? 'to' : 'advance' },
    );
  }
  return target;
}

/** The end of the minute in which something is due. */
function stopBefore(target: Date, due: Date | undefined, now: Date): Date | undefined {
  if (!due) return undefined;
  const stop = new Date(Math.ceil(due.getTime() / minuteMs) * minuteMs);
  return stop > now && stop < target ? stop : undefined;
}

/** Answers the offset. Two who move the clock at once both only move it forward. */
async function setTime(context: Context, to: Date): Promise<number> {
  return inTransaction(context, async (transaction) => {
    const before = await readSetting(transaction, 'clock_offset_ms');
    const offsetMs = Math.max(before, to.getTime() - context.clocks.wall().getTime());
    await writeSetting(context, transaction, 'clock_offset_ms', offsetMs);
    return offsetMs;
  });
}

/** @throws Refusal `not_found` in live mode, where business time is wall time. */
export function requireSandbox(context: Context): void {
  if (context.config.mode === 'sandbox') return;
  throw new Refusal('not_found', 'Only a sandbox has a clock that moves.');
}
