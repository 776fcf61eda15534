import type { Context } from '../../../platform/context.ts';
import { saveScheduleEnd, saveScheduleStart } from '../schedules-store.ts';

const errorLengthMax = 500;

/** Runs one turn of a schedule and keeps when, for how long, and how it ended; keeping it never keeps the work from being done. */
export async function noteSchedule(
  context: Context,
  name: string,
  work: () => Promise<void>,
): Promise<void> {
  const { clocks, database, log } = context;
  const startedMs = performance.now();
  const keep = (writing: Promise<void>) =>
    writing.catch((error) => log.warn({ err: error, job: name }, 'a schedule was not noted'));
  const end = (error: string | null) =>
    keep(
      saveScheduleEnd(database, {
        ...{ name, at: clocks.wall(), error },
        durationMs: Math.round(performance.now() - startedMs),
      }),
    );
  await keep(saveScheduleStart(database, { name, at: clocks.wall() }));
  try {
    await work();
  } catch (error) {
    await end((error instanceof Error ? error.message : String(error)).slice(0, errorLengthMax));
    throw error;
  }
  await end(null);
}
