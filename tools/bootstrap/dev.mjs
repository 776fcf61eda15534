/** `npm run dev`: the server restarts when its sources change, and Vite serves the web app and forwards the rest to it. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from './place.mjs';
import { exitCodeOf, stopWithParent } from './run.mjs';
import { vite } from './web.mjs';

const webPort = 5173;

export async function runDev(node, serverArgs) {
  const target = `http://localhost:${process.env.PORT ?? 9000}`;
  const webUrl = `http://localhost:${webPort}`;
  const children = [
    spawn(node, serverArgs, {
      cwd: root,
      // Links in mails and redirects must lead to Vite.
      env: { ...process.env, SLUICE_PUBLIC_URL: process.env.SLUICE_PUBLIC_URL ?? webUrl },
      stdio: ['ignore', 'inherit', 'inherit'],
      detached: true,
    }),
    spawn(node, [vite, '--port', String(webPort), '--strictPort'], {
      cwd: join(root, 'web'),
      env: { ...process.env, SLUICE_DEV_TARGET: target },
      stdio: ['ignore', 'inherit', 'inherit'],
      detached: true,
    }),
  ];
  const stop = () => {
    for (const child of children) child.kill('SIGTERM');
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop);
  for (const child of children) stopWithParent(child);
  const codes = children.map((child) => exitCodeOf(child));
  const first = await Promise.race(codes);
  stop();
  await Promise.all(codes);
  return first;
}
