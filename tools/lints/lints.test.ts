/** Breaks each lint on purpose. A tree is a record of path to text, so nothing touches the disk. */
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { describeFinding, lints } from './all.ts';
import { findIdlePermits } from './lines.ts';
import { readSource } from './source.ts';

const domain = 'server/src/domains/ledger';
const providers = 'server/src/domains/payments/providers';
const door = { [`${domain}/index.ts`]: '', [`${domain}/README.md`]: '# Ledger' };

/** Lint, path, text that breaks it. */
const breaches: [string, string, string][] = [
  ['file length', 'server/src/platform/long.ts', 'x\n'.repeat(401)],
  ['file length', 'server/src/platform/long.test.ts', 'x\n'.repeat(401)],
  ['file length', 'server/src/platform/migrations/0001_a.sql', 'x\n'.repeat(101)],
  ['file names', 'server/src/platform/utils.ts', ''],
  ['file names', 'web/src/common/Amount.tsx', ''],
  ['words', 'server/src/main.ts', '// TODO later'],
  ['words', 'web/src/App.tsx', '// FIXME'],
  ['words', 'sandbox/src/pay.ts', 'const body = answer as any;'],
  ['words', 'contract/src/pay.ts', 'const all = new Map<any>();'],
  ['words', 'server/src/platform/log.ts', "console.log('here');"],
  ['words', 'server/src/platform/log.test.ts', "test.only('alone', () => {});"],
  ['exact money', `${domain}/core/split.ts`, 'const major = minor / 100;'],
  ['exact money', `${domain}/core/split.ts`, 'const minor = major * 100n;'],
  ['exact money', 'contract/src/amounts.ts', 'amount.toFixed(2)'],
  ['exact money', 'contract/src/amounts.ts', 'parseFloat(text)'],
  ['clocks', `${domain}/store.ts`, 'sql`select id from holds where expires_at < now()`'],
  ['clocks', `${domain}/migrations/0001_a.sql`, 'created_at timestamptz default CURRENT_TIMESTAMP'],
  ['clocks', `${domain}/migrations/0001_a.sql`, 'v := clock_timestamp();'],
  ['clocks', `${domain}/operations/post.ts`, 'const at = new Date();'],
  ['clocks', `${domain}/operations/post.ts`, 'const at = Date.now();'],
  ['purity', `${domain}/core/address.ts`, "import {\n  BlockList,\n  connect,\n} from 'node:net';"],
  ['purity', `${domain}/core/sign.ts`, "import crypto from 'node:crypto';"],
  ['purity', `${domain}/core/sign.ts`, "import { randomBytes } from 'node:crypto';"],
  ['domain shape', 'server/src/domains/unheard/index.ts', ''],
  ['domain shape', `${domain}/store.ts`, ''],
  ['migration numbers', `${domain}/migrations/first.sql`, ''],
  ['decisions', 'docs/decisions/0001-a-thing.md', '# A thing\n\nNobody keeps it.'],
  ['decisions', 'docs/decisions/0001-a-thing.md', '# A thing\n\nKept by: `tools/gone.test.ts`'],
  ['decisions', 'docs/decisions/thing.md', 'Kept by: `tools/layers.ts`'],
  ['links', 'docs/guide.md', 'See [the page](../gone.md).'],
  ['handbook', 'docs/handbook/selling.md', '# Selling'],
  ['handbook', 'docs/handbook/zh-CN/selling.md', '# 销售'],
  ['payment proofs', `${providers}/square/vectors.json`, '{"vectors": [{"id": "square-1"}]}'],
  ['billing cases', 'server/src/domains/gateway/cases.test.ts', "it('case 7: aborts', run);"],
  ['payment providers', `${providers}/square/index.ts`, 'export const square = { id: 1 };'],
  ['payment providers', `${providers}/square/index.ts`, 'const x = { draft: true, online };'],
];

/** Lint, path, text that looks like a breach and is none. */
const innocents: [string, string, string][] = [
  ['file length', 'server/src/platform/short.ts', 'x\n'.repeat(400)],
  ['file length', `${domain}/migrations/0001_f.sql`, `create function f() ${'x\n'.repeat(500)}`],
  ['file names', 'server/src/platform/database/pool.ts', ''],
  ['words', 'server/src/main.ts', '// TODO(#12) when refunds exist'],
  ['words', 'server/src/cli/serve.ts', "console.log('listening');"],
  ['words', 'contract/src/pay.ts', 'const company = "as any other, as anyone";'],
  ['exact money', `${domain}/core/split.ts`, '// never minor / 100'],
  ['exact money', `${domain}/core/split.ts`, 'const kib = bytes / 1000;'],
  ['clocks', `${domain}/store.ts`, '/* never now() */ clocks.wall.now(); new Date(0);'],
  ['clocks', `${domain}/migrations/0001_a.sql`, '-- the clock is an argument, never now()'],
  ['clocks', 'server/src/platform/database/bookkeeping.ts', 'sql`default now()`'],
  ['domain shape', `${domain}/store.ts`, ''],
  [
    'decisions',
    'docs/decisions/0001-a-thing.md',
    '# A\n\nKept by: `server/src/domains/ledger/index.ts`.',
  ],
  ['payment providers', `${providers}/square/index.ts`, 'const x = { draft: true };'],
  ['links', 'docs/guide.md', `[a](https://x.y/z) [b](#top) [c](../${domain}) [d](guide.md#top)`],
];

describe('lints', () => {
  test('each has a breach that proves it', () => {
    // The last are broken in files of their own.
    const apart = ['idle permits', 'live migrations', 'tenant scope'];
    const proven = new Set([...breaches.map(([name]) => name), ...apart]);
    expect([...proven].sort()).toEqual(Object.keys(lints).sort());
  });

  test.each(breaches)('%s finds %s: %j', (name, path, text) => {
    const found = run(name, { [path]: text });
    expect(found).not.toEqual([]);
    expect(found[0]).toContain(path.split('/')[0]);
  });

  test.each(innocents)('%s leaves %s alone', (name, path, text) => {
    expect(run(name, { ...door, [path]: text })).toEqual([]);
  });

  test('a finding names the line', () => {
    expect(
      run('clocks', { [`${domain}/a.ts`]: 'const a = 1;\n/* two\nlines */\nnew Date();' }),
    ).toEqual([expect.stringContaining(`${domain}/a.ts:4: `)]);
  });

  test('a migration number is given once', () => {
    const tree = {
      [`${domain}/migrations/0007_a.sql`]: '',
      'server/src/platform/migrations/0007_b.sql': '',
    };
    expect(run('migration numbers', tree)).toEqual([expect.stringContaining('0007 is taken by')]);
  });

  test('a domain has a short page', () => {
    const tree = { ...door, [`${domain}/README.md`]: 'x\n'.repeat(81) };
    expect(run('domain shape', tree)).toEqual([expect.stringContaining('81 lines; at most 80')]);
  });

  test('a known answer is proved by a test that is named by it, or by a table of its kind', () => {
    const answers = `${providers}/square/vectors.json`;
    const tests = `${providers}/square/signature.test.ts`;
    const vectors = '{"vectors": [{"id": "square-1", "kind": "hmac"}]}';
    const unnamed = (text: string) =>
      run('payment proofs', { [answers]: vectors, [tests]: text }).filter((found) =>
        found.includes('square-1'),
      );
    expect(unnamed('')).toHaveLength(1);
    expect(unnamed("it('adds up', () => vectorOf('square-1'));")).toHaveLength(1);
    expect(unnamed("it.each(ofKind('rsa'))('computes $id', () => {});")).toHaveLength(1);
    expect(unnamed("it('square-1: adds up', () => {});")).toEqual([]);
    expect(unnamed("it.each(ofKind('hmac'))('computes $id', () => {});")).toEqual([]);
  });

  test('a billing case is proved by a test that is named by its number', () => {
    const tests = 'server/src/domains/gateway/cases.test.ts';
    const unnamed = (text: string) =>
      run('billing cases', { [tests]: text }).filter((found) => found.includes('"case 17: '));
    expect(unnamed("// it('case 170: pays', run);")).toHaveLength(1);
    expect(unnamed("it('case 17: pays', run);")).toEqual([]);
    expect(unnamed("it('attack 02: case 17: pays', run);")).toEqual([]);
  });

  test('a permit without use is found', () => {
    const permit = { path: 'a.ts', line: 'ratio * 100', why: 'a percentage' };
    expect(findIdlePermits([{ path: 'a.ts', text: 'ratio * 100' }], [permit])).toEqual([]);
    expect(findIdlePermits([{ path: 'a.ts', text: 'ratio' }], [permit])).toHaveLength(1);
  });

  test('a page of the handbook says the same in both languages', () => {
    const english = '# Sell\n\nOn `/admin/plans`, as [Pay](pay.md) says.\n\n```sh\nnpx sell\n```\n';
    const chinese = '# 销售\n\n见[收款](pay.md)，`/admin/plans`。\n\n```sh\nnpx sell\n```\n';
    const judge = (en: string, zh: string) =>
      run('handbook', {
        'web/src/paths.ts': "plans: '/admin/plans',",
        'docs/handbook/sell.md': en,
        'docs/handbook/zh-CN/sell.md': zh,
      });
    expect(judge(english, chinese)).toEqual([]);
    expect(judge(english, chinese.replace('npx sell', 'npx buy'))).toEqual([
      expect.stringContaining('Block 1'),
    ]);
    expect(judge(english, `${chinese}\n\`\`\`sh\nls\n\`\`\`\n`)).toHaveLength(1);
    expect(judge(english, `${chinese}\n## 更多\n`)).toHaveLength(1);
    expect(judge(english, chinese.replace('pay.md', '../pay.md'))).toHaveLength(1);
    expect(judge(english, chinese.replace('pay.md', 'buy.md'))).toHaveLength(1);
    const gone = '/admin/gone';
    expect(
      judge(english.replace('/admin/plans', gone), chinese.replace('/admin/plans', gone)),
    ).toHaveLength(2);
    expect(judge(english.replaceAll('```sh', '```bash'), chinese)).toHaveLength(2);
  });

  test('the tree that is read holds code, SQL and pages, and nothing installed', () => {
    const paths = readSource(resolve(import.meta.dirname, '../..')).map(({ path }) => path);
    expect(paths).toContain('tools/lints/source.ts');
    expect(paths.some((path) => path.includes('node_modules'))).toBe(false);
  });
});

function run(name: string, tree: Record<string, string>): string[] {
  const files = Object.entries(tree).map(([path, text]) => ({ path, text }));
  return (lints[name]?.(files) ?? []).map(describeFinding);
}
