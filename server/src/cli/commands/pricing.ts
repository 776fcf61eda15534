import { readFile } from 'node:fs/promises';
import {
  applyPricing,
  exportPricing,
  type PricingChange,
  writeFieldChange,
  writePricing,
  writeProblem,
} from '../../domains/catalog/index.ts';
import { Refusal } from '../../platform/errors.ts';
import type { Command, CommandLine, Outcome } from '../command.ts';
import { withDeployment } from '../open.ts';

export const pricingExport: Command = {
  // Only the file itself goes to the standard output.
  run: (line) =>
    withDeployment({ ...line, say: (text) => console.error(text) }, async ({ context }) => {
      const lists = await exportPricing(context());
      return { ok: true, sentence: writePricing(lists).trimEnd(), details: { pricing: lists } };
    }),
};

export const pricingDiff: Command = {
  run: (line) => withPricing(line, { verb: 'diff', isTrial: true }),
};

export const pricingApply: Command = {
  run: (line) => withPricing(line, { verb: 'apply', isTrial: false }),
};

async function withPricing(
  line: CommandLine,
  { verb, isTrial }: { verb: string; isTrial: boolean },
): Promise<Outcome> {
  const [file] = line.rest;
  if (file === undefined)
    return { ok: false, sentence: `Name the file: sluice pricing ${verb} FILE.` };
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch {
    return { ok: false, sentence: `${file} cannot be read: check its name.` };
  }
  return withDeployment(line, async ({ context }) => {
    try {
      const archivesMissing = line.options['archive-missing'] === true;
      const changes = await applyPricing(context(), { text, archivesMissing, isTrial });
      return sayChanges(line, changes, isTrial);
    } catch (error) {
      if (!(error instanceof Refusal) || !error.details) throw error;
      for (const problem of error.details) line.say(`  ${writeProblem(problem)}`);
      const count = error.details.length === 1 ? '1 thing' : `${error.details.length} things`;
      return {
        ok: false,
        sentence: `${file} has ${count} to correct; nothing was changed.`,
        details: { problems: error.details },
      };
    }
  });
}

function sayChanges(line: CommandLine, all: readonly PricingChange[], isTrial: boolean): Outcome {
  const changes = all.filter(({ change }) => change !== 'unchanged');
  for (const { change, kind, name, version, fields } of changes) {
    const which = version === undefined ? '' : `, as version ${version}`;
    line.say(`  ${change.padEnd(10)}${kind} ${name}${which}`);
    for (const field of fields) line.say(`              ${writeFieldChange(field)}`);
  }
  return { ok: true, sentence: sumOf(changes, isTrial), details: { changes } };
}

function sumOf(changes: readonly PricingChange[], isTrial: boolean): string {
  if (changes.length === 0) {
    return isTrial
      ? 'The catalog is as the file says.'
      : 'The catalog is as the file says already.';
  }
  const counts = (['added', 'changed', 'archived'] as const)
    .map((kind) => ({ kind, count: changes.filter(({ change }) => change === kind).length }))
    .filter(({ count }) => count > 0)
    .map(({ kind, count }) => `${count} ${kind}`)
    .join(', ');
  return isTrial ? `Applying it means: ${counts}. Nothing was done.` : `Applied: ${counts}.`;
}
