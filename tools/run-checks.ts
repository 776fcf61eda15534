/** Runs checks one after the other: a line for each with its time, then what failed, then `N passed, N failed`. */

export interface Check {
  name: string;
  /** Answers what is wrong, line by line; nothing when all is well. */
  run: () => Promise<readonly string[]>;
}

export interface Tally {
  passed: number;
  failed: number;
}

/** The last line is the tally, so that a caller can read it without knowing the checks. */
export async function runChecks(
  checks: readonly Check[],
  print: (line: string) => void,
): Promise<Tally> {
  const failures: { name: string; complaints: readonly string[] }[] = [];
  for (const check of checks) {
    const startedMs = performance.now();
    const complaints = await complaintsOf(check);
    const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
    const mark = complaints.length === 0 ? '✓' : '✗';
    print(`${mark} ${check.name.padEnd(20)} ${seconds.padStart(5)} s`);
    if (complaints.length > 0) failures.push({ name: check.name, complaints });
  }
  for (const { name, complaints } of failures) print(`\n${name}\n  ${complaints.join('\n  ')}`);
  const failed = failures.length;
  const passed = checks.length - failed;
  print(`${failed > 0 ? '\n' : ''}${passed} passed, ${failed} failed`);
  return { passed, failed };
}

/** A check that breaks has not passed. */
async function complaintsOf({ run }: Check): Promise<readonly string[]> {
  try {
    return await run();
  } catch (error) {
    return [`The check itself broke: ${error instanceof Error ? error.stack : String(error)}`];
  }
}
