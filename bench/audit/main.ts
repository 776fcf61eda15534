/**
 * How long a page of the audit log takes over ten million entries, whatever it is filtered by: of a large organization, of
 * middle and small ones, and for operators of all. Each question is asked of the operation that the API serves, and of one
 * plain table with an index for each column. The last line is JSON. `--rows` sets the size.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { ensureAuditPartitions, findAuditEntries } from '../../server/src/domains/audit/index.ts';
import { startEmbeddedPostgres } from '../../server/src/platform/database/embedded.ts';
import { migrate } from '../../server/src/platform/database/migrate.ts';
import { openDatabase } from '../../server/src/platform/database/pool.ts';
import { addDuration } from '../../server/src/platform/time.ts';
import { askNaive } from './naive.ts';
import { type Question, questions } from './questions.ts';
import { fill, insert, months } from './world.ts';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '10000000' },
    rounds: { type: 'string', default: '40' },
  },
});
const rows = Number(values.rows);
const insertedRows = 20_000;

const dataDir = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
const postgres = await startEmbeddedPostgres({ dataDir });
try {
  const figures = await measure();
  for (const [name, figure] of Object.entries(figures)) console.log(`${name.padEnd(24)} ${figure}`);
  console.log(JSON.stringify({ bench: 'audit', ...figures }));
} finally {
  await postgres.stop();
  rmSync(dataDir, { recursive: true, force: true });
}

async function measure() {
  await migrate({ url: postgres.url });
  const database = openDatabase({ url: postgres.url, max: 1 });
  const client = new pg.Client({ connectionString: postgres.url });
  // When a question fails, the server is stopped under it; what failed is what is to be said.
  client.on('error', () => undefined);
  await client.connect();
  const now = new Date();
  await ensureAuditPartitions(
    database,
    addDuration(now, `-P${months + 1}M`) ?? now,
    addDuration(now, 'P1M') ?? now,
  );
  const insertedMs = await makeBoth(client);
  const tookMs: Record<'ours' | 'naive', Map<string, number[]>> = {
    ours: new Map(),
    naive: new Map(),
  };
  // In turns, so that a busy machine treats both alike; the first round warms the caches.
  for (let round = -1; round < Number(values.rounds); round += 1) {
    for (const question of questions) {
      const filter = question.filter(Math.max(round, 0));
      const ours = await timed(() => findAuditEntries(database, { ...filter, limit: 51, now }));
      const naive = await timed(() => askNaive(client, filter, 51));
      requireSame(
        question,
        ours.answer.map(({ id }) => id),
        naive.answer,
      );
      if (round < 0) continue;
      push(tookMs.ours, question, ours.ms);
      push(tookMs.naive, question, naive.ms);
    }
  }
  report(tookMs);
  const sizes = await client.query<{ ours: string; naive: string }>(`
    select pg_size_pretty(sum(pg_indexes_size(i.inhrelid))) as ours,
      (select pg_size_pretty(pg_indexes_size('bench_naive'))) as naive
    from pg_inherits i
    where i.inhparent = 'audit_entries'::regclass
  `);
  await client.end();
  await database.destroy();
  return {
    ...figuresOf(tookMs),
    ...insertedMs,
    ours_indexes: sizes.rows[0]?.ours,
    naive_indexes: sizes.rows[0]?.naive,
  };
}

/** Both tables, and how fast rows come into them once they are as large as that. */
async function makeBoth(client: pg.Client) {
  const startedMs = performance.now();
  await fill(client, rows, (what) =>
    console.log(`${Math.round((performance.now() - startedMs) / 1000)} s: ${what}`),
  );
  const insertInto = async (table: string) => {
    const batch = { from: rows, to: rows + insertedRows, rows };
    const { ms } = await timed(() => insert(client, table, batch));
    return Math.round(insertedRows / (ms / 1000));
  };
  const ours = await insertInto('audit_entries');
  const naive = await insertInto('bench_naive');
  await client.query('vacuum (analyze) audit_entries');
  await client.query('vacuum (analyze) bench_naive');
  return { rows, ours_inserts_per_s: ours, naive_inserts_per_s: naive };
}

async function timed<T>(work: () => Promise<T>): Promise<{ answer: T; ms: number }> {
  const startedMs = performance.now();
  const answer = await work();
  return { answer, ms: performance.now() - startedMs };
}

function requireSame(question: Question, ours: readonly string[], naive: readonly string[]): void {
  if (ours.join() !== naive.join()) throw new Error(`"${question.name}" had two answers`);
}

function push(all: Map<string, number[]>, { name }: Question, ms: number): void {
  all.set(name, [...(all.get(name) ?? []), ms]);
}

function report({ ours, naive }: Record<'ours' | 'naive', Map<string, number[]>>): void {
  console.log(`${'p50 / p95 in ms'.padEnd(56)} ours              naive`);
  for (const { name } of questions) {
    const line = [ours, naive].map((all) => {
      const sorted = (all.get(name) ?? []).toSorted((a, b) => a - b);
      return `${quantile(sorted, 0.5)} / ${quantile(sorted, 0.95)}`.padEnd(17);
    });
    console.log(`${name.padEnd(56)} ${line.join(' ')}`);
  }
}

function figuresOf({ ours, naive }: Record<'ours' | 'naive', Map<string, number[]>>) {
  const figures: Record<string, number> = {};
  for (const [whose, all] of [
    ['ours', ours],
    ['naive', naive],
  ] as const) {
    const sorted = [...all.values()].flat().sort((a, b) => a - b);
    figures[`${whose}_p50_ms`] = quantile(sorted, 0.5);
    figures[`${whose}_p95_ms`] = quantile(sorted, 0.95);
    figures[`${whose}_p99_ms`] = quantile(sorted, 0.99);
    // Of one kind of question, the worst.
    figures[`${whose}_worst_p95_ms`] = Math.max(
      ...[...all.values()].map((one) =>
        quantile(
          one.toSorted((a, b) => a - b),
          0.95,
        ),
      ),
    );
  }
  return figures;
}

function quantile(sorted: readonly number[], part: number): number {
  return Math.round((sorted[Math.floor(sorted.length * part)] ?? 0) * 10) / 10;
}
