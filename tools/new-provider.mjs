/**
 * `node tools/new-provider.mjs square [--name "Square"]`: begins a payment provider. Writes its folder, its simulator
 * and the suite that judges both, as a draft: it compiles, ships nowhere, and its suite is red until it is done.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const root = resolve(import.meta.dirname, '..');
const templates = join(root, 'tools/new-provider');
const idForm = /^[a-z][a-z0-9]{1,19}$/;

/** Where each template goes. */
const places = {
  'provider.ts.txt': (id) => `server/src/domains/payments/providers/${id}/index.ts`,
  'settings.ts.txt': (id) => `server/src/domains/payments/providers/${id}/settings.ts`,
  'suite.test.ts.txt': (id) => `server/src/domains/payments/providers/${id}/suite.test.ts`,
  'simulator.ts.txt': (id) => `sandbox/src/${id}/${id}.ts`,
};

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { name: { type: 'string' } },
});
const [id, ...rest] = positionals;

const problem = judge();
if (problem) {
  console.error(problem);
  process.exitCode = 1;
} else {
  begin();
}

function judge() {
  if (!id || rest.length > 0) return 'Say one id: node tools/new-provider.mjs square';
  if (!idForm.test(id)) return 'An id has 2 to 20 lower-case letters and digits, a letter first.';
  const taken = Object.values(places)
    .map((place) => dirname(place(id)))
    .find((folder) => existsSync(join(root, folder)));
  return taken && `${taken} is there already.`;
}

function begin() {
  const name = values.name ?? id[0].toUpperCase() + id.slice(1);
  for (const template of readdirSync(templates)) {
    const path = places[template](id);
    const text = readFileSync(join(templates, template), 'utf8')
      .replaceAll('__id__', id)
      .replaceAll('__Id__', id[0].toUpperCase() + id.slice(1))
      .replaceAll('__name__', name.replace(/['\\]/g, '\\$&'));
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
    console.log(`wrote ${path}`);
  }
  console.log(`
${name} is a draft: it ships nowhere, and its suite is red until it is done.
  node_modules/.bin/vitest run server/src/domains/payments/providers/${id}
The way from here: docs/guides/adding-a-payment-provider.md`);
}
