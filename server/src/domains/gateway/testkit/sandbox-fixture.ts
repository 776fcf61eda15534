/** The sandbox as a process of its own: the product never imports its code. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

export async function startSandbox() {
  const main = new URL('../../../../../sandbox/src/main.ts', import.meta.url);
  const child: ChildProcess = fork(main, { stdio: 'ignore', execArgv: [] });
  const [{ ready }] = (await once(child, 'message')) as [
    { ready: { port: number; upstream_key: string } },
  ];
  const origin = `http://127.0.0.1:${ready.port}`;
  return {
    origin,
    key: ready.upstream_key,
    /** Bends the calls of a key's label; see the sandbox's README. */
    async bend(label: string, scenario: string) {
      const response = await fetch(`${origin}/sandbox/upstream/scenario`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ key: label, scenario }),
      });
      if (!response.ok) throw new Error(await response.text());
    },
    /** What the upstream served under a label, newest first. */
    async calls(label: string): Promise<{ outcome: string; tokens_sent: number; model: string }[]> {
      const response = await fetch(`${origin}/sandbox/upstream/calls?key=${label}`);
      return ((await response.json()) as { data: never[] }).data;
    },
    async stop() {
      const exit = once(child, 'exit');
      child.kill('SIGTERM');
      await exit;
    },
  };
}
