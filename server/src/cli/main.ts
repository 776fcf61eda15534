/** `sluice <command>`: the same environment as the server, and able to work beside a running one. */
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ConfigError, readConfig } from '../platform/config.ts';
import { DataFolderInUse } from '../platform/database/embedded-lock.ts';
import { MigrationError } from '../platform/database/migrate.ts';
import { Refusal } from '../platform/errors.ts';
import type { Command, Outcome } from './command.ts';
import { applicationRegister, applicationValidate } from './commands/application.ts';
import { auditAnchor } from './commands/audit-anchor.ts';
import { auditArchive } from './commands/audit-archive.ts';
import { auditVerify } from './commands/audit-verify.ts';
import { backup, backupKeep, backupOptions, backupVerify } from './commands/backup.ts';
import { createAdminCommand } from './commands/create-admin.ts';
import { doctor } from './commands/doctor.ts';
import {
  importClaudeRelay,
  importCompare,
  importNewApi,
  importOneApi,
  importOptions,
} from './commands/import.ts';
import { jobsList, jobsResume, jobsStop } from './commands/jobs.ts';
import { ledgerVerify } from './commands/ledger-verify.ts';
import { migrateCommand } from './commands/migrate.ts';
import { pricingApply, pricingDiff, pricingExport } from './commands/pricing.ts';
import { receiptVerify } from './commands/receipt-verify.ts';
import { reconcileCommand } from './commands/reconcile.ts';
import { restore } from './commands/restore.ts';
import { rotateKey } from './commands/rotate-key.ts';
import { seed } from './commands/seed.ts';
import { serve } from './commands/serve.ts';

const commands: Record<string, Command> = {
  serve,
  migrate: migrateCommand,
  seed,
  'create-admin': createAdminCommand,
  'ledger verify': ledgerVerify,
  'audit verify': auditVerify,
  'audit archive': auditArchive,
  'audit anchor': auditAnchor,
  'application validate': applicationValidate,
  'application register': applicationRegister,
  reconcile: reconcileCommand,
  'receipt verify': receiptVerify,
  'pricing export': pricingExport,
  'pricing diff': pricingDiff,
  'pricing apply': pricingApply,
  'import claude-relay': importClaudeRelay,
  'import compare': importCompare,
  'import one-api': importOneApi,
  'import new-api': importNewApi,
  'jobs list': jobsList,
  'jobs stop': jobsStop,
  'jobs resume': jobsResume,
  backup,
  'backup verify': backupVerify,
  'backup keep': backupKeep,
  restore,
  'rotate-key': rotateKey,
  doctor,
};

async function main(): Promise<number> {
  if (existsSync('.env')) process.loadEnvFile('.env');
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
      email: { type: 'string' },
      'dry-run': { type: 'boolean', default: false },
      'archive-missing': { type: 'boolean', default: false },
      archive: { type: 'string' },
      months: { type: 'string' },
      ...importOptions,
      ...backupOptions,
    },
  });
  const found = findCommand(positionals);
  if (values.help || !found) {
    console.log(usage());
    return values.help || positionals.length === 0 ? 0 : 2;
  }
  const outcome = await found.command.run({
    config: readConfig(process.env),
    rest: positionals.slice(found.words),
    options: values,
    say: (text) => {
      if (!values.json) console.log(text);
    },
  });
  print(outcome, values.json);
  return outcome.ok ? 0 : 1;
}

function findCommand(words: readonly string[]): { command: Command; words: number } | undefined {
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
