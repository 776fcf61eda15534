/** `sluice <command>`: the same environment as the server, and able to work beside a running one. */
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ConfigError, readConfig } from '../platform/config.ts';
import { DataFolderInUse } from '../platform/database/embedded-lock.ts';
import { MigrationError } from '../platform/database/migration-error.ts';
import { Refusal } from '../platform/errors.ts';
import type { Outcome } from './command.ts';
import { type CommandEntry, commands, options } from './commands.ts';

async function main(): Promise<number> {
  if (existsSync('.env')) process.loadEnvFile('.env');
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options,
  });
  const found = findCommand(positionals);
  if (values.help || !found) {
    console.log(usage());
    return values.help || positionals.length === 0 ? 0 : 2;
  }
  const config = readConfig(process.env);
  const command = await found.command.load();
  const outcome = await command.run({
    config,
    rest: positionals.slice(found.words),
    options: values,
    say: (text) => {
      if (!values.json) console.log(text);
    },
  });
  print(outcome, values.json);
  return outcome.ok ? 0 : 1;
}

function findCommand(
  words: readonly string[],
): { command: CommandEntry; words: number } | undefined {
  for (const count of [2, 1]) {
    const command = commands[words.slice(0, count).join(' ')];
    if (command && words.length >= count) return { command, words: count };
  }
  return undefined;
}

function print(outcome: Outcome, asJson: boolean): void {
  if (asJson)
    console.log(JSON.stringify({ ok: outcome.ok, message: outcome.sentence, ...outcome.details }));
  else if (outcome.sentence !== '') console.log(outcome.sentence);
}

function usage(): string {
  const lines = Object.entries(commands).map(
    ([name, { summary }]) => `  ${name.padEnd(22)}${summary}`,
  );
  return [
    'Usage: sluice <command> [--json]',
    '',
    ...lines,
    '',
    'Settings come from the environment: see .env.example.',
  ].join('\n');
}

const unreachable = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  '28P01',
  '3D000',
]);

/** What a person can put right is said in a sentence; anything else keeps its stack. */
function explain(error: unknown): string {
  const { code = '', message, stack } = error as Error & { code?: string };
  if (unreachable.has(code)) {
    return `The database cannot be reached: ${message || code}. Check DATABASE_URL, and that PostgreSQL runs.`;
  }
  const isExpected =
    error instanceof ConfigError ||
    error instanceof DataFolderInUse ||
    error instanceof MigrationError ||
    error instanceof Refusal ||
    code.startsWith('ERR_PARSE_ARGS');
  return isExpected ? message : (stack ?? String(error));
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    console.error(explain(error));
    process.exitCode = 1;
  },
);
