import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));
const dataDir = mkdtempSync(join(tmpdir(), 'sandbox-main-'));
const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(dataDir, { recursive: true, force: true });
});

interface Ready {
  ready: {
    port: number;
    smtp_port: number;
    credit: { pid: string; key: string };
    upstream_key: string;
  };
}

const env = { ...process.env, SANDBOX_DATA_DIR: dataDir };

async function forkSandbox(): Promise<{ child: ChildProcess; ready: Ready['ready'] }> {
  const child = fork(main, { env });
  children.push(child);
  const [message] = (await once(child, 'message')) as [Ready];
  return { child, ready: message.ready };
}

describe('the sandbox process', () => {
  test('tells its parent where it listens and keeps its keys over a restart', async () => {
    const first = await forkSandbox();
    const answer = await fetch(`http://127.0.0.1:${first.ready.port}/sandbox/mailbox`);
    expect(answer.status).toBe(200);
    expect(first.ready.smtp_port).toBeGreaterThan(0);

    first.child.kill('SIGTERM');
    expect(await once(first.child, 'exit')).toEqual([0, null]);

    const second = await forkSandbox();
    expect(second.ready.credit).toEqual(first.ready.credit);
    expect(second.ready.upstream_key).toBe(first.ready.upstream_key);
  });

  test('does not wait for idle mail connections when it ends', async () => {
    const { child, ready } = await forkSandbox();
    const idle = connect(ready.smtp_port, '127.0.0.1');
    idle.on('error', () => {});
    await once(idle, 'data');
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  test('ends when its parent lets go', async () => {
    const { child } = await forkSandbox();
    child.disconnect();
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  test('prints one line where nobody listens by message, and ends on SIGTERM', async () => {
    const child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    expect(JSON.parse(line.toString())).toMatchObject({ ready: { port: expect.any(Number) } });
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  test('refuses a port that is none', async () => {
    const wrong = { ...env, SANDBOX_PORT: 'nine' };
    const child = spawn(process.execPath, [main], {
      env: wrong,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    children.push(child);
    const [sentence] = (await once(child.stderr, 'data')) as [Buffer];
    expect(sentence.toString()).toContain('SANDBOX_PORT');
    expect(await once(child, 'exit')).toEqual([1, null]);
  });
});
