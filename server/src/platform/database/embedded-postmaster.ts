/** The `postmaster.pid` of a cluster: which process serves it, and how far its start is. */
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const pollMs = 10;
const fastStopMaxMs = 30_000;

/** Whether the process has written that it takes connections (line 8 of the file, as `pg_ctl` reads it). */
export function isReady(cluster: string, pid: number): boolean {
  const lines = readPidFile(cluster);
  return Number(lines[0]) === pid && lines[7]?.trim() === 'ready';
}

/** Whether a live process takes connections for the cluster. */
export function isServing(cluster: string): boolean {
  const pid = Number(readPidFile(cluster)[0]);
  return pid > 0 && isReady(cluster, pid) && isPostmasterOf(cluster, pid);
}

/**
 * Stops the server that a killed process of ours left behind; the caller holds the folder's lock, so nobody uses it.
 * Starting our own instead of adopting it leaves one way of watching it, with the settings of today.
 */
export async function stopLeftover(cluster: string, log: (line: string) => void): Promise<void> {
  const pid = Number(readPidFile(cluster)[0]);
  if (!Number.isInteger(pid) || pid <= 0 || !isAlive(pid)) return;
  if (!isPostmasterOf(cluster, pid)) {
    // After a reboot the number may belong to anything, and PostgreSQL would refuse to start because it is alive.
    rmSync(join(cluster, 'postmaster.pid'));
    return;
  }
  log(`Stopping the PostgreSQL (process ${pid}) that an earlier run left behind.`);
  await stopPostmaster(pid);
}

/** Stops a server: sessions are ended at once and a checkpoint is written; if that hangs, recovery does the rest. */
export async function stopPostmaster(pid: number): Promise<void> {
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    if (!sendSignal(pid, signal)) return;
    const deadline = Date.now() + fastStopMaxMs;
    while (Date.now() < deadline) {
      if (!isAlive(pid)) return;
      await sleep(pollMs);
    }
  }
}

export function isAlive(pid: number): boolean {
  return sendSignal(pid, 0);
}

/** Sends a signal; false when there is no such process any more. */
export function sendSignal(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EPERM') return true;
    if (code === 'ESRCH') return false;
    throw error;
  }
}

function isPostmasterOf(cluster: string, pid: number): boolean {
  const command = commandLine(pid);
  return command.includes('postgres') && command.includes(cluster);
}

function commandLine(pid: number): string {
  if (process.platform !== 'linux') {
    return spawnSync('ps', ['-o', 'args=', '-p', String(pid)]).stdout.toString();
  }
  return readOrEmpty(`/proc/${pid}/cmdline`).replaceAll('\0', ' ');
}

function readPidFile(cluster: string): string[] {
  return readOrEmpty(join(cluster, 'postmaster.pid')).split('\n');
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
