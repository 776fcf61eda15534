/** In sandbox mode the outside world runs beside the server as a process of its own. */
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';

/** What the sandbox says when it listens. */
export interface SandboxReady {
  port: number;
  smtp_port: number;
  credit: { pid: string; key: string };
  /** Settings of the accounts there, under their own names. */
  alipay: Record<string, string>;
  paypal: Record<string, string>;
  stripe: Record<string, string>;
  wechat: Record<string, string>;
  upstream_key: string;
  telegram: { token: string };
}

export interface SandboxProcess {
  ready: SandboxReady;
  stop(): Promise<void>;
}

const startTimeoutMs = 15_000;
const main = new URL('../../../sandbox/src/main.ts', import.meta.url).pathname;

/** Starts the sandbox; it ends with us, even when we are killed, because its channel closes. */
export async function startSandboxProcess(
  dataDir: string,
  publicUrl: string,
): Promise<SandboxProcess> {
  const child = fork(main, {
    env: {
      ...process.env,
      SANDBOX_PORT: '0',
      SANDBOX_SMTP_PORT: '0',
      SANDBOX_DATA_DIR: join(dataDir, 'sandbox'),
      SANDBOX_PUBLIC_URL: publicUrl,
    },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    // A terminal's Ctrl-C goes to the whole group; the sandbox is needed until the server has drained.
    detached: true,
  });
  const ready = await waitUntilReady(child);
  return { ready, stop: () => stop(child) };
}

function waitUntilReady(child: ChildProcess): Promise<SandboxReady> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => fail(new Error('The sandbox did not start in time.')),
      startTimeoutMs,
    );
    const fail = (error: Error) => {
      clearTimeout(timer);
      child.kill();
      reject(error);
    };
    child.once('error', fail);
    child.once('exit', (code) =>
      fail(new Error(`The sandbox stopped with code ${code} before it was ready.`)),
    );
    child.on('message', (message: { ready?: SandboxReady }) => {
      if (!message.ready) return;
      clearTimeout(timer);
      child.removeAllListeners('exit');
      resolve(message.ready);
    });
  });
}

function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}
