/**
 * Everything that is checked without running the product: one line per check with its time, then what failed, then
 * `N passed, N failed`. Run it as `npm run check`.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');

/** @typedef {{ name: string, run: () => Promise<readonly string[]> }} Check */

/**
 * Runs every check and reports as it goes.
 * @returns {Promise<{ passed: number, failed: number }>}
 */
export async function runChecks(print = console.log) {
  const failures = [];
  const checks = await listChecks();
  for (const check of checks) {
    const startedMs = performance.now();
    const complaints = await check.run();
    const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
    print(
      `${complaints.length === 0 ? '✓' : '✗'} ${check.name.padEnd(20)} ${seconds.padStart(5)} s`,
    );
    if (complaints.length > 0) failures.push({ name: check.name, complaints });
  }
  for (const { name, complaints } of failures) print(`\n${name}\n  ${complaints.join('\n  ')}`);
  const failed = failures.length;
  const passed = checks.length - failed;
  print(`${failed > 0 ? '\n' : ''}${passed} passed, ${failed} failed`);
  return { passed, failed };
}

/** @returns {Promise<Check[]>} */
async function listChecks() {
  const [
    { judgeLayers, seeLayers },
    { modulesSeenMin },
    { describeFinding, lints },
    { readSource },
  ] = await Promise.all([
    import('./see-layers.ts'),
    import('./layers.ts'),
    import('./lints/all.ts'),
    import('./lints/source.ts'),
  ]);
  const source = readSource(root);
  return [
    command('format and lint', 'biome', [
      'check',
      '--colors=off',
      '--diagnostic-level=error',
      '--max-diagnostics=50',
    ]),
    command('types', 'tsc', ['--noEmit', '--pretty', 'false', '-p', '.']),
    ...(existsSync(join(root, 'web/tsconfig.json'))
      ? [command('types of the web', 'tsc', ['--noEmit', '--pretty', 'false', '-p', 'web'])]
      : []),
    { name: 'layers', run: async () => judgeLayers(await seeLayers(root), modulesSeenMin) },
    command('unused code', 'knip', ['--no-progress', '--no-config-hints']),
    command('openapi.json', process.execPath, [join(root, 'tools/openapi.ts'), '--check']),
    ...Object.entries(lints).map(([name, lint]) => ({
      name,
      run: async () => lint(source).map(describeFinding),
    })),
  ];
}

/**
 * A check that is a program of its own: exit 0 passes, else what it printed is the complaint.
 * @returns {Check}
 */
function command(name, program, args) {
  return { name, run: () => runCommand(program, args) };
}

function runCommand(program, args) {
  const bin = join(root, 'node_modules/.bin');
  // The pinned Node comes first, because some of these programs are scripts that ask for `node`.
  const PATH = [dirname(process.execPath), bin, process.env.PATH].join(delimiter);
  return new Promise((done) => {
    const child = spawn(program, args, { cwd: root, env: { ...process.env, PATH, NO_COLOR: '1' } });
    let printed = '';
    const keep = (chunk) => {
      printed += chunk;
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => done([`${program} did not start: ${error.message}`]));
    child.on('close', (code) => {
      if (code === 0) return done([]);
      const lines = printed.trimEnd().split('\n');
      done(
        lines.some(Boolean) ? lines : [`${program} ended with exit code ${code} and said nothing.`],
      );
    });
  });
}

if (process.argv[1] === import.meta.filename) {
  if (Number.parseInt(process.versions.node, 10) < 24) {
    console.error(
      `Node ${process.versions.node} is too old for the checks; run them with \`npm run check\`.`,
    );
    process.exitCode = 1;
  } else {
    const { failed } = await runChecks();
    process.exitCode = failed === 0 ? 0 : 1;
  }
}
