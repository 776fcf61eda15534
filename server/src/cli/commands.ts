/** Every command of the line. What one needs is loaded when it is called, so that a wrong setting is told at once. */
import type { Command } from './command.ts';

export interface CommandEntry {
  summary: string;
  load(): Promise<Command>;
}

export const commands: Record<string, CommandEntry> = {
  serve: {
    summary: 'Serves the API, the gateway and the web app, and works on jobs.',
    load: async () => (await import('./commands/serve.ts')).serve,
  },
  migrate: {
    summary: 'Brings the database schema up to date.',
    load: async () => (await import('./commands/migrate.ts')).migrateCommand,
  },
  seed: {
    summary: 'Fills an empty price book and creates the first operator.',
    load: async () => (await import('./commands/seed.ts')).seed,
  },
  'create-admin': {
    summary: 'Creates an operator who may do everything: create-admin --email ada@example.com.',
    load: async () => (await import('./commands/create-admin.ts')).createAdminCommand,
  },
  'ledger verify': {
    summary: 'Replays the ledger and compares it with every balance, hold and receipt.',
    load: async () => (await import('./commands/ledger-verify.ts')).ledgerVerify,
  },
  'audit verify': {
    summary:
      'Proves that no row of the audit log was changed or removed; or that a FILE exported from it was not.',
    load: async () => (await import('./commands/audit-verify.ts')).auditVerify,
  },
  'audit archive': {
    summary:
      'Moves months of the audit log that are older than they are kept into files; --months N instead of the setting.',
    load: async () => (await import('./commands/audit-archive.ts')).auditArchive,
  },
  'audit anchor': {
    summary:
      'Notes the heads of all chains of the audit log, and prints the line to be kept elsewhere.',
    load: async () => (await import('./commands/audit-anchor.ts')).auditAnchor,
  },
  'application validate': {
    summary: 'Says what is wrong with an application’s template: application validate FILE.',
    load: async () => (await import('./commands/application.ts')).applicationValidate,
  },
  'application register': {
    summary:
      'Registers an application from its template, or brings it up to date: application register FILE [--dry-run].',
    load: async () => (await import('./commands/application.ts')).applicationRegister,
  },
  reconcile: {
    summary: 'Compares statements with the books: reconcile [PROVIDER DATE], else what is due.',
    load: async () => (await import('./commands/reconcile.ts')).reconcileCommand,
  },
  'receipt verify': {
    summary: 'Computes every receipt of an exported FILE again, without a database or a server.',
    load: async () => (await import('./commands/receipt-verify.ts')).receiptVerify,
  },
  'pricing export': {
    summary: 'Writes all that is on sale as YAML: pricing export > FILE.',
    load: async () => (await import('./commands/pricing.ts')).pricingExport,
  },
  'pricing diff': {
    summary: 'Says what applying a file would change: pricing diff FILE [--archive-missing].',
    load: async () => (await import('./commands/pricing.ts')).pricingDiff,
  },
  'pricing apply': {
    summary: 'Makes the catalog what a file says: pricing apply FILE [--archive-missing].',
    load: async () => (await import('./commands/pricing.ts')).pricingApply,
  },
  'import claude-relay': {
    summary:
      'Moves claude-relay-service in: import claude-relay --redis URL --encryption-key KEY --owner MAIL.',
    load: async () => (await import('./commands/import.ts')).importClaudeRelay,
  },
  'import compare': {
    summary: 'Compares what was moved with where it came from: import compare NAME.',
    load: async () => (await import('./commands/import.ts')).importCompare,
  },
  'import one-api': {
    summary: 'Moves one-api in: import one-api --database FILE|URL [--apply] [--watch] [--rate N].',
    load: async () => (await import('./commands/import.ts')).importOneApi,
  },
  'import new-api': {
    summary: 'Moves new-api in: import new-api --database FILE|URL, with the same options.',
    load: async () => (await import('./commands/import.ts')).importNewApi,
  },
  'jobs list': {
    summary: 'Lists operations that take long, those that are not done first.',
    load: async () => (await import('./commands/jobs.ts')).jobsList,
  },
  'jobs stop': {
    summary: 'Has an operation stop behind the batch under way: jobs stop ID.',
    load: async () => (await import('./commands/jobs.ts')).jobsStop,
  },
  'jobs resume': {
    summary: 'Takes an operation up where it was, and shows its progress: jobs resume ID.',
    load: async () => (await import('./commands/jobs.ts')).jobsResume,
  },
  backup: {
    summary: 'Makes a whole copy of the database: backup [--to DIR] [--keep N].',
    load: async () => (await import('./commands/backup.ts')).backup,
  },
  'backup verify': {
    summary:
      'Compares backups with their checksums, and says which times can be restored: [--from DIR].',
    load: async () => (await import('./commands/backup.ts')).backupVerify,
  },
  'backup keep': {
    summary: 'Keeps backups until it is stopped, as a server with SLUICE_BACKUP_DIR does.',
    load: async () => (await import('./commands/backup.ts')).backupKeep,
  },
  restore: {
    summary:
      'Puts the database back: restore [--from DIR] [--to TIME] [--replace], or [--into DIR] for a PostgreSQL of your own.',
    load: async () => (await import('./commands/restore.ts')).restore,
  },
  'rotate-key': {
    summary: 'Seals every secret anew under SLUICE_SECRET_KEY; --dry-run only counts.',
    load: async () => (await import('./commands/rotate-key.ts')).rotateKey,
  },
  doctor: {
    summary: 'Looks at everything that a deployment needs, and says what to mend.',
    load: async () => (await import('./commands/doctor.ts')).doctor,
  },
};

/** Of all commands together; each reads its own. */
export const options = {
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
  email: { type: 'string' },
  'dry-run': { type: 'boolean', default: false },
  'archive-missing': { type: 'boolean', default: false },
  archive: { type: 'string' },
  months: { type: 'string' },
  apply: { type: 'boolean', default: false },
  watch: { type: 'boolean', default: false },
  name: { type: 'string' },
  owner: { type: 'string' },
  rate: { type: 'string' },
  database: { type: 'string' },
  redis: { type: 'string' },
  'encryption-key': { type: 'string' },
  'sample-key': { type: 'string' },
  prefix: { type: 'string' },
  to: { type: 'string' },
  from: { type: 'string' },
  into: { type: 'string' },
  keep: { type: 'string' },
  replace: { type: 'boolean', default: false },
} as const;
