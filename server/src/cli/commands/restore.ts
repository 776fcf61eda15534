/** Puts the database back as it was at a time, proves its books, and says where it stands. */
import { copyFile, mkdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { verifyLedger } from '../../domains/access/index.ts';
import { anchorAudit, verifyAudit } from '../../domains/audit/index.ts';
import { openDeployment } from '../../main.ts';
import type { Config } from '../../platform/config.ts';
import { keyIdOf } from '../../platform/crypto.ts';
import { DatabaseInPlace, restoreEmbedded } from '../../platform/database/embedded-restore.ts';
import { migrate } from '../../platform/database/migrate.ts';
import { createLog } from '../../platform/log.ts';
import { secretKeyOf } from '../../platform/secret-key.ts';
import { BackupError, paths } from '../backup/backup-folder.ts';
import { ifMissing, namesIn, unfinished } from '../backup/durable.ts';
import {
  fillCluster,
  leaveRecovery,
  planRestore,
  type RestorePlan,
  recoverySettings,
} from '../backup/restore-plan.ts';
import type { Command, CommandLine, Outcome } from '../command.ts';
import { answering, folderOf } from './backup.ts';

export const restore: Command = {
  run: (line) =>
    answering(async () => {
      const plan = await planRestore(folderOf(line, 'from'), readTime(line.options.to));
      line.say(`From the backup of ${plan.base.id} ${untilWhen(plan)} …`);
      const { into } = line.options;
      if (typeof into === 'string') return layOut(plan, into);
      if (plan.base.origin === 'external') {
        throw new BackupError(
          'This backup is of a PostgreSQL of your own: pass --into DIR, which makes a data folder for it.',
        );
      }
      if (line.config.databaseUrl !== undefined) {
        throw new BackupError(
          'This backup is of the embedded database: leave DATABASE_URL out, or pass --into DIR.',
        );
      }
      requireKey(line.config, plan);
      return putBack(line, plan);
    }),
};

/** Said before hours of recovery, and not behind them. */
function requireKey(config: Config, { base }: RestorePlan): void {
  const ids = [secretKeyOf(config), ...config.secretKeysBeside].map(keyIdOf);
  if (ids.includes(base.keyId)) return;
  const where =
    config.mode === 'sandbox'
      ? `copy the file secret-key of its data folder to ${config.dataDir}, or set SLUICE_SECRET_KEY`
      : 'set SLUICE_SECRET_KEY to it, or SLUICE_SECRET_KEY_PREVIOUS beside a newer one';
  throw new BackupError(
    `The secrets of this backup are sealed under the key ${base.keyId}, and what is set is ${ids.join(' and ')}: ${where}.`,
  );
}

/** A data folder that a PostgreSQL of the same major version brings to the target when it starts. */
async function layOut(plan: RestorePlan, into: string): Promise<Outcome> {
  if ((await namesIn(into)).length > 0) throw new BackupError(`${into} is not empty.`);
  await mkdir(into, { recursive: true, mode: 0o700 });
  await fillCluster(plan, into, () => undefined);
  await leaveRecovery(plan, into);
  const major = plan.base.postgres.split('.')[0];
  return {
    ok: true,
    sentence: `${into} is a data folder for PostgreSQL ${major}. Give it to the user that runs it, start it there, wait for "database system is ready to accept connections" in its log, then run "sluice ledger verify" and "sluice audit verify".`,
    details: { folder: into, backup: plan.base.id },
  };
}

interface Looked {
  /** Of the last commit that is there. */
  standsAt: Date | null;
  problems: string[];
}

async function putBack(line: CommandLine, plan: RestorePlan): Promise<Outcome> {
  const { config, say } = line;
  const stamp = new Date()
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(':', '-');
  const { looked, keptIn } = await restoreEmbedded<Looked>({
    dataDir: config.dataDir,
    log: say,
    replace: line.options.replace === true,
    stamp,
    recovery: recoverySettings(plan),
    fill: (cluster, made) => fillCluster(plan, cluster, made),
    look: (url, standsAt) => look(line, { url, standsAt, plan, stamp }),
  }).catch((error) => {
    throw error instanceof DatabaseInPlace ? new BackupError(error.message) : error;
  });
  const { standsAt, problems } = looked;
  for (const problem of problems) say(`  ${problem}`);
  if (keptIn) say(`The database that was there is kept in ${keptIn}.`);
  const stands = `The database stands at ${standsAt?.toISOString() ?? plan.base.finishedAt.toISOString()}, its last commit`;
  return {
    ok: problems.length === 0,
    sentence:
      problems.length === 0
        ? `${stands}; its ledger and its audit log are whole.`
        : `${stands}; its books have ${problems.length} problems.`,
    details: { stands_at: standsAt, backup: plan.base.id, kept_in: keptIn ?? null, problems },
  };
}

interface Looking {
  url: string;
  standsAt: Date | null;
  plan: RestorePlan;
  stamp: string;
}

async function look(
  { config, say }: CommandLine,
  { url, standsAt, plan, stamp }: Looking,
): Promise<Looked> {
  await migrate({ url, log: say });
  await bringAuditFiles(plan, config, stamp);
  const deployment = await openDeployment(config, url, createLog('warn', process.stderr));
  try {
    const context = deployment.context();
    // The file of anchors begins anew: the old one knows of what was not restored.
    await anchorAudit(context);
    const ledger = await verifyLedger(context);
    const audit = await verifyAudit(context, { outside: config.auditDir });
    const told = audit.problems.map(({ kind, chain, id }) =>
      [`audit log: ${kind}`, chain, id].filter(Boolean).join(' '),
    );
    return { standsAt, problems: [...ledger.problems, ...told] };
  } finally {
    await deployment.close();
  }
}

/** Archived months that are missing come back; the anchors that stand there are put aside. */
async function bringAuditFiles(
  { folder }: RestorePlan,
  { auditDir }: Config,
  stamp: string,
): Promise<void> {
  await mkdir(auditDir, { recursive: true, mode: 0o700 });
  const anchors = join(auditDir, 'anchors.jsonl');
  await rename(anchors, `${anchors}.before-${stamp}`).catch(ifMissing(() => undefined));
  const { audit } = paths(folder);
  for (const name of await namesIn(audit)) {
    if (name === 'anchors.jsonl' || name.endsWith(unfinished)) continue;
    const there = await stat(join(auditDir, name)).catch(ifMissing(() => undefined));
    if (!there) await copyFile(join(audit, name), join(auditDir, name));
  }
}

function untilWhen({ target, reach }: RestorePlan): string {
  if (target) return `and what changed until ${target.toISOString()}`;
  return reach ? `and all that changed until ${reach.at.toISOString()}` : 'as it was then';
}

function readTime(option: string | boolean | undefined): Date | undefined {
  if (typeof option !== 'string') return undefined;
  // Without a zone it would mean another instant on each machine.
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/.test(option)) {
    throw new BackupError('--to is a time with its zone, such as 2026-03-01T09:30:00Z.');
  }
  return new Date(option);
}
