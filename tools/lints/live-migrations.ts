/**
 * A migration runs while servers of the version before go on: it may take nothing away that they still use, and no lock
 * that makes calls wait. Where a change is allowed all the same, a comment above its statement says why:
 *
 *     -- contract: …  the version before no longer reads or writes what goes
 *     -- brief: …     the lock is held for a moment only, or nobody waits for it
 *
 * Tables that are made after the last release may be changed freely until the next one: no running server knows them.
 */
import type { Finding, Lint, SourceFile } from './source.ts';

/** The newest migration of the last version that was handed out; what came before is applied everywhere. */
export const lastReleased = 209;

/** Handed out with it, under numbers that were given ahead. */
const releasedAhead: readonly number[] = [225, 226, 235];

/** Tables that grow with every call or event, beside those that are partitioned. */
const grownTables = [
  'access_requests',
  'access_closed_requests',
  'gateway_attempts',
  'identity_sessions',
  'ledger_buckets',
  'metering_counters',
  'payments_inbox',
];

interface Rule {
  /** Of a statement in lower case, on one line. */
  pattern: RegExp;
  permit: 'contract' | 'brief';
  /** Only of tables that are large. */
  large?: boolean;
  message: string;
}

const rules: readonly Rule[] = [
  {
    pattern: /^drop (?:table|view|materialized view|type|sequence|function|schema)\b/,
    permit: 'contract',
    message:
      'takes away what the version before may use: stop using it in one version, drop it in the next',
  },
  {
    pattern: /^alter table .*\bdrop (?!constraint\b|not null\b|expression\b|identity\b|default\b)/,
    permit: 'contract',
    message:
      'drops a column that the version before may read: stop reading it in one version, drop it in the next',
  },
  {
    pattern: /^alter (?:table|view|type) .*\brename (?!constraint\b)/,
    permit: 'contract',
    message:
      'renames what the version before calls by its name: add the new one, write both, drop the old one later',
  },
  {
    pattern: /^alter table .*\balter (?:column )?\w+ (?:set data )?type\b/,
    permit: 'contract',
    message:
      'changes what the version before reads, and writes the table anew under a lock: add another column',
  },
  {
    pattern: /^alter table .*\balter (?:column )?\w+ set not null\b/,
    permit: 'contract',
    message:
      'refuses what the version before writes, and reads the whole table under a lock: write the value in one version, demand it in the next',
  },
  {
    pattern: /^alter table .*\balter (?:column )?\w+ drop default\b/,
    permit: 'contract',
    message:
      'makes the version before write nothing there: give the value in one version, drop the default in the next',
  },
  {
    pattern: /^alter table .*\badd column (?!.*\bdefault\b).*\bnot null\b/,
    permit: 'contract',
    message: 'adds a column that the version before does not fill: give it a default',
  },
  {
    pattern:
      /^alter table .*\badd column .*(?:\bdefault \(?(?:gen_random_uuid|random|clock_timestamp|nextval)\b|\bgenerated (?:always|by default) as\b|\b(?:big)?serial\b)/,
    permit: 'brief',
    message: 'writes the whole table anew under a lock: add the column empty, and fill it by a job',
  },
  {
    pattern: /^alter table (?!.*\bnot valid\b).*\badd (?:constraint \w+ )?(?:check|foreign key)\b/,
    permit: 'brief',
    large: true,
    message:
      'reads the whole table under a lock: add it "not valid", and validate it in a migration of its own',
  },
  {
    pattern:
      /^alter table .*\badd (?:constraint \w+ )?(?:unique|primary key|exclude)\b(?!.*\busing index\b)/,
    permit: 'brief',
    large: true,
    message: 'builds an index under a lock: build it concurrently first, and add it "using index"',
  },
  {
    pattern: /^create (?:unique )?index (?!concurrently\b)/,
    permit: 'brief',
    large: true,
    message:
      'keeps everybody from writing while it is built: "create index concurrently if not exists", in a file that begins with "-- outside a transaction"',
  },
  {
    pattern: /^(?:update|delete from|merge into) /,
    permit: 'brief',
    large: true,
    message:
      'locks every row of a large table in one transaction: do it by a job, some rows at a time',
  },
  {
    pattern: /^(?:truncate|lock|cluster|vacuum full|reindex)\b(?!.*\bconcurrently\b)/,
    permit: 'brief',
    message: 'locks the table for as long as it takes',
  },
];

/** Statements of migrations after the last release that a running server would feel. */
export const liveMigrations: Lint = (files) => {
  const migrations = files.filter(({ path }) => /\/migrations\/\d{4}_\w+[.]sql$/.test(path));
  const large = new Set([...grownTables, ...partitionedTables(migrations)]);
  const recent = migrations.filter(({ path }) => isRecent(numberOf(path)));
  const fresh = new Set(recent.flatMap(({ text }) => [...text.matchAll(creation)].map(nameIn)));
  return recent.flatMap((file) => judgeFile(file, { large, fresh }));
};

interface Tables {
  large: ReadonlySet<string>;
  fresh: ReadonlySet<string>;
}

const creation = /^create table (?:if not exists )?(\w+)/gm;

function nameIn(match: RegExpMatchArray): string {
  return match[1] ?? '';
}

function partitionedTables(migrations: readonly SourceFile[]): string[] {
  return migrations.flatMap(({ text }) =>
    [
      ...text.matchAll(
        /^create table (?:if not exists )?(\w+) \((?:(?!;)[\s\S])*?\) partition by/gm,
      ),
    ].map(nameIn),
  );
}

function numberOf(path: string): number {
  return Number(path.match(/\/(\d{4})_\w+[.]sql$/)?.[1]);
}

function isRecent(number: number): boolean {
  return number > lastReleased && !releasedAhead.includes(number);
}

function judgeFile(file: SourceFile, tables: Tables): Finding[] {
  const statements = statementsOf(file.text);
  const isOutside = file.text.startsWith('-- outside a transaction');
  const findings = statements.flatMap((statement) => judgeStatement(file.path, statement, tables));
  const concurrent = statements.find(({ words }) =>
    /^(?:create|drop) .*\bconcurrently\b/.test(words),
  );
  if (concurrent && !isOutside) {
    findings.push({
      ...{ path: file.path, line: concurrent.line },
      message:
        'PostgreSQL builds concurrently outside of transactions only: begin the file with "-- outside a transaction".',
    });
  }
  const validating = statements.find(({ words }) => /\bvalidate constraint\b/.test(words));
  if (validating && statements.some(({ words }) => /\bnot valid\b/.test(words))) {
    findings.push({
      ...{ path: file.path, line: validating.line },
      message:
        'The lock of "not valid" is held until the file ends: validate in a migration of its own.',
    });
  }
  return findings;
}

function judgeStatement(path: string, statement: Statement, { large, fresh }: Tables): Finding[] {
  const table = tableOf(statement.words);
  if (table !== undefined && fresh.has(table)) return [];
  const actions = actionsOf(statement.words);
  return rules
    .filter(({ pattern }) => actions.some((action) => pattern.test(action)))
    .filter((rule) => !rule.large || (table !== undefined && large.has(table)))
    .filter(({ permit }) => !new RegExp(`^-- ${permit}: \\S.{9,}`, 'm').test(statement.comments))
    .map(({ permit, message }) => ({
      ...{ path, line: statement.line },
      message: `This ${message}, or "-- ${permit}: why" above.`,
    }));
}

/** `alter table` may do several things at once: each as if it stood alone. */
function actionsOf(words: string): string[] {
  const head = words.match(/^alter table (?:if exists )?(?:only )?\w+ /)?.[0];
  if (head === undefined) return [words];
  const actions = [''];
  let depth = 0;
  for (const character of words.slice(head.length)) {
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    if (character === ',' && depth === 0) actions.push('');
    else actions.push(actions.pop() + character);
  }
  return actions.map((action) => head + action.trim());
}

function tableOf(words: string): string | undefined {
  return words.match(
    /^(?:alter table|drop table|truncate(?: table)?|lock(?: table)?|update|delete from|merge into|create (?:unique )?index\b[^(]*? on|vacuum full|cluster|reindex table) (?:if exists )?(?:only )?(\w+)/,
  )?.[1];
}

interface Statement {
  /** In lower case, on one line, without comments. */
  words: string;
  /** Those above it and within it. */
  comments: string;
  line: number;
}

/** What stands between semicolons; the bodies of functions only run later. */
function statementsOf(text: string): Statement[] {
  const bodiless = text.replace(
    /^create (?:or replace )?function[\s\S]*?\$(\w*)\$[\s\S]*?\$\1\$/gm,
    (body) => body.replace(/[^\n]/g, ' '),
  );
  // A semicolon within a comment ends nothing.
  const masked = bodiless.replace(/--.*$/gm, (comment) => ' '.repeat(comment.length));
  let start = 0;
  return masked.split(';').map((part) => {
    const from = start;
    start += part.length + 1;
    const lead = part.length - part.trimStart().length;
    return {
      words: part.trim().replace(/\s+/g, ' ').toLowerCase(),
      comments: (text.slice(from, start).match(/--.*$/gm) ?? []).join('\n'),
      line: text.slice(0, from + lead).split('\n').length,
    };
  });
}
