/** Builds the package: `node sdk/build.mjs [--out FOLDER]`. ES modules, CommonJS, and types for both, into `dist/`. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { rolldown } from 'rolldown';

const here = dirname(fileURLToPath(import.meta.url));
const { values } = parseArgs({ options: { out: { type: 'string', default: join(here, 'dist') } } });
const out = resolve(values.out);
const entries = ['index', 'express', 'fastify', 'hono'];

rmSync(out, { recursive: true, force: true });
await bundle();
writeTypes();

/** What the entries share is in files of its own, so that an error is the same class wherever it comes from. */
async function bundle() {
  const input = Object.fromEntries(entries.map((name) => [name, join(here, `src/${name}.ts`)]));
  const build = await rolldown({
    input,
    platform: 'neutral',
    external: ['express', 'fastify', 'hono'],
  });
  for (const [format, extension] of [
    ['esm', 'js'],
    ['cjs', 'cjs'],
  ]) {
    await build.write({
      dir: out,
      format,
      entryFileNames: `[name].${extension}`,
      chunkFileNames: `shared-[hash].${extension}`,
    });
  }
  await build.close();
}

/** One set of declarations for each module system: a `.d.ts` beside `.js`, a `.d.cts` beside `.cjs`. */
function writeTypes() {
  const compiler = join(here, '../node_modules/@typescript/native/bin/tsc');
  const { status } = spawnSync(process.execPath, [compiler, '-p', here, '--outDir', out], {
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error('The types cannot be written: see above.');
  const declarations = readdirSync(out, { recursive: true }).filter((name) =>
    name.endsWith('.d.ts'),
  );
  for (const name of declarations) {
    const path = join(out, name);
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, withExtension(text, 'js'));
    writeFileSync(path.replace(/\.d\.ts$/, '.d.cts'), withExtension(text, 'cjs'));
  }
}

function withExtension(text, extension) {
  return text.replace(/((?:from|import)\s*\(?)(["'])(\.[^"']*)\.ts\2/g, `$1$2$3.${extension}$2`);
}
