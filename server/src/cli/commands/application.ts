import { readFile } from 'node:fs/promises';
import { registerTemplate, validateTemplate, writeProblem } from '../../domains/catalog/index.ts';
import { Refusal, type TextProblem } from '../../platform/errors.ts';
import type { Command, CommandLine, Outcome } from '../command.ts';
import { withDeployment } from '../open.ts';

export const applicationValidate: Command = {
  run: (line) =>
    withTemplate(line, 'validate', (text, file) =>
      withDeployment(line, async ({ context }) => {
        const problems = await validateTemplate(context().database, text);
        if (problems.length > 0) return refused(line, file, problems);
        return { ok: true, sentence: `${file} can be registered.`, details: { problems } };
      }),
    ),
};

export const applicationRegister: Command = {
  run: (line) =>
    withTemplate(line, 'register', (text, file) =>
      withDeployment(line, async ({ context }) => {
        try {
          return await register(line, () =>
            registerTemplate(context(), {
              template: text,
              dryRun: line.options['dry-run'] === true,
            }),
          );
        } catch (error) {
          if (!(error instanceof Refusal) || !error.details) throw error;
          return refused(line, file, error.details);
        }
      }),
    ),
};

async function register(
  line: CommandLine,
  run: () => ReturnType<typeof registerTemplate>,
): Promise<Outcome> {
  const summary = await run();
  for (const { kind, name, change, fields } of summary.changes) {
    const which = fields.length > 0 ? ` (${fields.join(', ')})` : '';
    line.say(`  ${change.padEnd(10)}${kind} ${name}${which}`);
  }
  const changed = summary.changes.filter(({ change }) => change !== 'unchanged').length;
  const { slug } = summary.application;
  const sentence = summary.dry_run
    ? `Registering "${slug}" would change ${countOf(changed)}; nothing was done.`
    : `"${slug}" is registered: ${countOf(changed)} changed.`;
  return { ok: true, sentence, details: { ...summary } };
}

async function withTemplate(
  line: CommandLine,
  verb: string,
  run: (text: string, file: string) => Promise<Outcome>,
): Promise<Outcome> {
  const [file] = line.rest;
  if (file === undefined) {
    return { ok: false, sentence: `Name the template: sluice application ${verb} FILE.` };
  }
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch {
    return { ok: false, sentence: `${file} cannot be read: check its name.` };
  }
  return run(text, file);
}

function refused(line: CommandLine, file: string, problems: readonly TextProblem[]): Outcome {
  for (const problem of problems) line.say(`  ${writeProblem(problem)}`);
  return {
    ok: false,
    sentence: `${file} has ${countOf(problems.length)} to correct.`,
    details: { problems },
  };
}

function countOf(count: number): string {
  return count === 1 ? '1 thing' : `${count} things`;
}
