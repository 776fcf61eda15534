/** Whether what is lost could be brought back: backups, the keys that open secrets, the replica. */
import { type Check, count, type Finding, fail, lasting, ok, warn } from '../../platform/checks.ts';
import type { BackupConfig } from '../../platform/config.ts';
import type { Context } from '../../platform/context.ts';
import { backupSlot, findBackupSlot } from '../../platform/database/backup-slot.ts';
import { countOthers } from '../../platform/sealed-columns.ts';
import { sealedColumns } from '../../wiring/sealed.ts';
import { listBases } from '../backup/backup-folder.ts';
import { reachBehind } from '../backup/restore-plan.ts';

const hourMs = 3_600_000;
/** A copy takes time, and a server may have been away. */
const copyLateMs = 6 * hourMs;
const changesLateMs = 10 * 60_000;

export const safetyChecks: readonly Check[] = [
  { name: 'backups', run: checkBackups },
  { name: 'backup slot', run: checkSlot },
  { name: 'sealing key', run: checkKeys },
  { name: 'replica', run: checkReplica },
];

async function checkBackups({ config, clocks }: Context): Promise<Finding[]> {
  const { backup, mode } = config;
  if (!backup) {
    if (mode === 'sandbox') return [ok('A sandbox needs no backups.')];
    return [
      warn(
        'No backups are kept from here.',
        'Set SLUICE_BACKUP_DIR, or be sure that another server or your provider keeps them.',
      ),
    ];
  }
  return [await judgeBackups(backup, clocks.wall())];
}

async function judgeBackups(backup: BackupConfig, now: Date): Promise<Finding> {
  const { directory, everyHours } = backup;
  const newest = (await listBases(directory)).at(-1);
  if (!newest) {
    return fail(
      `There is no backup in ${directory}.`,
      'A running server makes one: look for "backed up" in its log.',
    );
  }
  const ageMs = now.getTime() - newest.finishedAt.getTime();
  if (ageMs > everyHours * hourMs + copyLateMs) {
    return fail(
      `The newest backup is ${lasting(ageMs)} old.`,
      'Look for "no whole copy" in the log of the servers.',
    );
  }
  const reach = await reachBehind(directory, newest);
  const behindMs = now.getTime() - (reach?.at ?? newest.finishedAt).getTime();
  if (behindMs > changesLateMs) {
    return fail(
      `What changed in the last ${lasting(behindMs)} is in no backup.`,
      'Look for "not being backed up" in the log of the servers.',
    );
  }
  return ok(`All that changed until ${lasting(behindMs)} ago can be brought back.`);
}

/** A slot that nobody reads makes the database keep everything since. */
async function checkSlot({ config, database }: Context): Promise<Finding[]> {
  if (config.backup) return [];
  const slot = await findBackupSlot(database);
  if (!slot || slot.active) return [];
  const what = `Nobody fetches what the slot ${backupSlot} keeps: ${slot.bytes / 1_000_000n} MB, and more with every change.`;
  const advice = `Start a server with SLUICE_BACKUP_DIR; or, if backups were given up, run: select pg_drop_replication_slot('${backupSlot}').`;
  return [slot.status === 'reserved' ? warn(what, advice) : fail(what, advice)];
}

async function checkKeys({ config, database, sealer }: Context): Promise<Finding[]> {
  if (config.secretKeysBeside.length === 0) {
    return [ok(`Secrets are sealed under the key ${sealer.keyId}.`)];
  }
  let others = 0;
  for (const column of sealedColumns) others += await countOthers(database, sealer, column);
  if (others === 0) {
    return [
      warn(
        `Every secret is sealed under the key ${sealer.keyId}, and other keys still open.`,
        'Once no server runs with another SLUICE_SECRET_KEY, take SLUICE_SECRET_KEY_PREVIOUS away.',
      ),
    ];
  }
  return [
    warn(
      `${count(others, 'secret')} are not sealed under the key ${sealer.keyId}.`,
      'When every server has the new key, run "sluice rotate-key".',
    ),
  ];
}

async function checkReplica({ config, replica }: Context): Promise<Finding[]> {
  if (config.databaseReplicaUrl === undefined) return [];
  const problem = await replica.problem();
  if (problem === undefined) return [ok('The replica keeps up.')];
  return [
    warn(
      `Long reads go to the primary: the replica cannot be used, ${problem}.`,
      'Mend the replica or DATABASE_REPLICA_URL: until then reports slow calls down.',
    ),
  ];
}
