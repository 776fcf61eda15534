#!/usr/bin/env node
/**
 * The way in for every command: `npm start`, `npm test`, `npx sluice <command>`. Plain JavaScript without dependencies
 * for Node 18 and newer, because it runs before anything is installed; the product itself runs on the pinned Node.
 */
import { ensureInstalled } from './tools/bootstrap/install.mjs';
import { findNode } from './tools/bootstrap/node.mjs';
import { Explained, root } from './tools/bootstrap/place.mjs';
import { runProgram, runServer } from './tools/bootstrap/run.mjs';

const cli = 'server/src/cli/main.ts';
/** A smaller nursery costs nothing measurable and keeps a fresh server at 160 MB instead of 200. */
const nodeFlags = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=8'];
/** Compiled code is kept: a start takes two thirds of the time, and the compiler's memory is never needed. */
const compiledCode = 'node_modules/.cache/sluice';

/** Each takes the pinned Node's path and the arguments after the command, and answers the exit code. */
const commands = {
  async start(node, args) {
    const { ensureWebBuilt } = await import('./tools/bootstrap/web.mjs');
    await ensureWebBuilt(node);
    return runServer(node, [...nodeFlags, cli, 'serve', ...args]);
  },
  async dev(node) {
    const { runDev } = await import('./tools/bootstrap/dev.mjs');
    return runDev(node, [...nodeFlags, '--watch', cli, 'serve']);
  },
  async test(node) {
    const { runTests } = await import('./tools/bootstrap/test.mjs');
    return runTests(node, 'default');
  },
  async 'test:long'(node) {
    const { runTests } = await import('./tools/bootstrap/test.mjs');
    return runTests(node, 'long');
  },
  conformance: (node) => runProgram(node, [...nodeFlags, 'conformance/main.ts']),
  check: (node, args) => runProgram(node, ['tools/check.mjs', ...args]),
  tidy: (node, args) => runProgram(node, ['tools/tidy.mjs', ...args]),
  async cluster(node) {
    const { ensureWebBuilt } = await import('./tools/bootstrap/web.mjs');
    await ensureWebBuilt(node);
    return runServer(node, [...nodeFlags, 'e2e/cluster/main.ts']);
  },
  simulate: (node, args) => runProgram(node, [...nodeFlags, 'simulation/main.ts', ...args]),
  'simulate:payments': (node, args) =>
    runProgram(node, [...nodeFlags, 'simulation/payments/main.ts', ...args]),
  'bench:access': (node, args) => runProgram(node, [...nodeFlags, 'bench/access/main.ts', ...args]),
  'bench:audit': (node, args) => runProgram(node, [...nodeFlags, 'bench/audit/main.ts', ...args]),
  'bench:billing': (node, args) =>
    runProgram(node, [...nodeFlags, 'bench/billing/main.ts', ...args]),
  'bench:gateway': (node, args) =>
    runProgram(node, [...nodeFlags, 'bench/gateway/main.ts', ...args]),
  'bench:ingest': (node, args) => runProgram(node, [...nodeFlags, 'bench/ingest/main.ts', ...args]),
  'bench:payments': (node, args) =>
    runProgram(node, [...nodeFlags, 'bench/payments/main.ts', ...args]),
  'bench:queries': (node, args) =>
    runProgram(node, [...nodeFlags, 'bench/queries/main.ts', ...args]),
  'bench:reports': (node, args) =>
    runProgram(node, [...nodeFlags, 'bench/reports/main.ts', ...args]),
};

async function main([command = 'help', ...args]) {
  process.chdir(root);
  process.env.NODE_COMPILE_CACHE ??= `${root}/${compiledCode}`;
  await ensureInstalled();
  const node = findNode();
  const known = Object.hasOwn(commands, command) ? commands[command] : undefined;
  if (known) return known(node, args);
  return runProgram(node, [...nodeFlags, cli, command, ...args]);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Explained)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
