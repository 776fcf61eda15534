import { type Context, inTransaction } from '../../../platform/context.ts';
import { Refusal } from '../../../platform/errors.ts';
import { addDuration } from '../../../platform/time.ts';
import { readSetting } from './read-setting.ts';
import { writeSetting } from './write-setting.ts';

/** Where to: so far on from now, or an instant. */
export type ClockMove = { advance: string } | { to: string };

/** Farthest that business time may run ahead: what lies beyond is outside every calendar we test. */
const offsetMaxMs = 50 * 366 * 86_400_000;

/** Makes what the new time will need; called before any process can see that time. */
export type Prepare = (context: Context, until: Date) => Promise<void>;

/**
 * Moves business time of a sandbox forward; answers the new offset in milliseconds.
 * @throws Refusal `not_found` in live mode, `rule_violated` for a move backwards or too far.
 */
export async function moveClock(
  context: Context,
  move: ClockMove,
  prepare: Prepare,
): Promise<number> {
  requireSandbox(context);
  return inTransaction(context, async (transaction) => {
    const before = await readSetting(transaction, 'clock_offset_ms');
    const wallMs = context.clocks.wall().getTime();
    const now = new Date(wallMs + before);
    const target = 'to' in move ? new Date(move.to) : addDuration(now, move.advance);
    if (target === undefined) {
      throw new Refusal(
        'rule_violated',
        'Write the duration as ISO 8601, such as "P1D" or "PT6H".',
        {
          param: 'advance',
        },
      );
    }
    const offsetMs = target.getTime() - wallMs;
    if (offsetMs < before || offsetMs > offsetMaxMs) {
      throw new Refusal(
        'rule_violated',
        'The clock only moves forward, by at most 50 years in all.',
        {
          param: 'to' in move ? 'to' : 'advance',
        },
      );
    }
    await prepare(context, target);
    await writeSetting(context, transaction, 'clock_offset_ms', offsetMs);
    return offsetMs;
  });
}

/** @throws Refusal `not_found` in live mode, where business time is wall time. */
export function requireSandbox(context: Context): void {
  if (context.config.mode === 'sandbox') return;
  throw new Refusal('not_found', 'Only a sandbox has a clock that moves.');
}
