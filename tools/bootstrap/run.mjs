/** Runs programs, with their signals and exit codes passed on. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { root } from './place.mjs';

const passedOn = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const parentCheckMs = 1000;

/**
 * Runs a program in our terminal and answers its exit code; Ctrl-C reaches it from the terminal. Once it has ended
 * after such a signal we end too, whatever was to follow.
 */
export async function runProgram(program, args, options = {}) {
  const child = spawn(program, args, { cwd: root, stdio: 'inherit', ...options });
  let signalled = 0;
  const hear = (signal, number) => {
    signalled = number;
    if (signal !== 'SIGINT') child.kill(signal);
  };
  for (const signal of passedOn) process.on(signal, hear);
  const code = await exitCodeOf(child);
  for (const signal of passedOn) process.off(signal, hear);
  if (signalled > 0) process.exit(code || 128 + signalled);
  return code;
}

/**
 * Runs the server in a process group of its own, so that it hears of each signal once and only from us: a Ctrl-C
 * would else arrive twice, and the second one means "do not drain".
 */
export async function runServer(program, args) {
  const child = spawn(program, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: true,
  });
  for (const signal of passedOn) process.on(signal, () => child.kill(signal));
  stopWithParent(child);
  return exitCodeOf(child);
}

/** npm runs us behind a shell; when either is killed without telling us, nobody could stop the server any more. */
export function stopWithParent(child) {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parents = parentsOfOurs();
  const timer = setInterval(() => {
    if (parentsOfOurs() === parents) return;
    clearInterval(timer);
    child.kill('SIGTERM');
  }, parentCheckMs);
  timer.unref();
}

/** The shell, and npm behind it where the system tells (Linux: second field after the name in `/proc/<pid>/stat`). */
function parentsOfOurs() {
  try {
    const shell = readFileSync(`/proc/${process.ppid}/stat`, 'utf8');
    return `${process.ppid} ${shell.slice(shell.lastIndexOf(')')).split(' ')[2]}`;
  } catch {
    return `${process.ppid}`;
  }
}

/** The exit code as a shell would give it. */
export function exitCodeOf(child) {
  return new Promise((done, fail) => {
    child.once('error', fail);
    child.once('exit', (code, signal) => done(code ?? 128 + constants.signals[signal]));
  });
}
