/** PostgreSQL refuses to run as root: then it runs as the user `postgres`, made when missing. */
import { spawnSync } from 'node:child_process';

export interface Account {
  uid: number;
  gid: number;
}

const name = 'postgres';

/** Whom PostgreSQL must run as; undefined means as ourselves. */
export function postgresAccount(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const known = lookUp();
  if (known) return known;
  const made = spawnSync('useradd', [
    '--system',
    '--user-group',
    '--no-create-home',
    '--shell',
    '/usr/sbin/nologin',
    name,
  ]);
  const account = lookUp();
  if (account) return account;
  const reason = made.error?.message ?? made.stderr.toString().trim();
  throw new Error(
    `PostgreSQL cannot run as root, and the user ${name} could not be made (${reason}): make it, or start as another user.`,
  );
}

/** Whether a command succeeds as the given account; it is how we learn what that user can reach. */
export function succeedsAs(account: Account | undefined, command: string, args: string[]): boolean {
  return spawnSync(command, args, { ...account, cwd: '/', stdio: 'ignore' }).status === 0;
}

function lookUp(): Account | undefined {
  const [uid, gid] = ['-u', '-g'].map((flag) => spawnSync('id', [flag, name]));
  if (uid?.status !== 0 || gid?.status !== 0) return undefined;
  return { uid: Number(uid.stdout.toString()), gid: Number(gid.stdout.toString()) };
}
