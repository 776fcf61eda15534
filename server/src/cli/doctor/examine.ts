/** Runs checks one after the other, none of them for long; one that breaks is a finding, too. */
import { type Check, type Finding, fail, warn } from '../../platform/checks.ts';
import type { Context } from '../../platform/context.ts';

export interface NamedFinding extends Finding {
  check: string;
}

const patienceMs = 20_000;

export async function examine(
  context: Context,
  checks: readonly Check[],
  waitMs = patienceMs,
): Promise<NamedFinding[]> {
  const findings: NamedFinding[] = [];
  for (const check of checks) {
    const found = await runWithin(context, check, waitMs);
    findings.push(...found.map((finding) => ({ check: check.name, ...finding })));
  }
  return findings;
}

async function runWithin(context: Context, check: Check, waitMs: number): Promise<Finding[]> {
  const late = Promise.withResolvers<Finding[]>();
  const timer = setTimeout(() => {
    const what = `It was not known within ${waitMs / 1000} seconds.`;
    late.resolve([warn(what, 'The database may be busy: try again in a quiet hour.')]);
  }, waitMs);
  try {
    return await Promise.race([check.run(context), late.promise]);
  } catch (error) {
    return [fail(`It could not be looked at: ${(error as Error).message}`, 'See that first.')];
  } finally {
    clearTimeout(timer);
  }
}

const signs = { ok: 'well', warn: 'look', fail: 'mend' } as const;

/** One line for a person. */
export function sayFinding({ check, status, what, advice }: NamedFinding): string {
  const line = `  ${signs[status]}   ${check}: ${what}`;
  return advice === undefined ? line : `${line}\n         ${advice}`;
}

export function sum(findings: readonly NamedFinding[]): { ok: boolean; sentence: string } {
  const many = (status: Finding['status']) =>
    findings.filter((one) => one.status === status).length;
  const [broken, doubtful] = [many('fail'), many('warn')];
  const look = `${doubtful} ${doubtful === 1 ? 'thing wants' : 'things want'} a look`;
  if (broken > 0) {
    const mend = `${broken} of ${findings.length} things want mending`;
    return { ok: false, sentence: doubtful > 0 ? `${mend}, and ${look}.` : `${mend}.` };
  }
  return { ok: true, sentence: doubtful > 0 ? `Nothing is broken; ${look}.` : 'All is well.' };
}
