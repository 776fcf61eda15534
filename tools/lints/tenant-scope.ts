/**
 * A query that reads, changes or removes rows of customers names whose: `organization_id` equal to what it is given. One
 * that does not is a decision, and says which in the comment of its function, with the reason:
 *
 *     @scope deployment: …  every customer's, for operators, reports and proofs
 *     @scope job: …         every customer's, whatever is due
 *     @scope row: …         of a row that was found in scope before, and whose lock or id the caller has
 *     @scope caller: …      by id alone; the caller compares whose it is before it is shown or changed
 *     @scope secret: …      by what only its holder knows
 *     @scope person: …      a person's own rows, in whichever organizations
 *
 * `save…` and `mark…` write back the row that their operation holds, and need no reason. Which tables hold rows of customers, the migrations say: those with an `organization_id`, and those that refer to one.
 */
import { type Finding, type Lint, type SourceFile, withoutComments } from './source.ts';

/** Tables with an `organization_id` that says something else than whose they are. */
const othersTables: Record<string, string> = {
  identity_sessions: 'a person’s; the organization only narrows a guest’s',
  identity_external_identities: 'a person’s; the organization is that of the provider',
  identity_sso_flows: 'of a browser on its way to a provider and back',
};

/** By name: they write back a row that its operation found in scope and holds. */
const writesBack = /^(?:save|mark)[A-Z]/;

const kinds = 'deployment|job|row|caller|secret|person';
const marker = new RegExp(`@scope (${kinds}): \\S[^*]{9,}`);

/** Queries of stores that name no organization and say no reason. */
export const tenantScope: Lint = (files) => {
  const tables = tenantTables(files);
  return files.filter(isStore).flatMap((file) => judgeStore(file, tables));
};

function isStore({ path }: SourceFile): boolean {
  return (
    /^server\/src\/domains\/[^/]+\/(store\/[^/]+|([a-z-]+-)?store)[.]ts$/.test(path) &&
    !path.endsWith('.test.ts')
  );
}

/** Tables with rows of customers, from the migrations in the order of their numbers. */
export function tenantTables(files: readonly SourceFile[]): ReadonlySet<string> {
  const tables = new Set<string>();
  const references: [string, string][] = [];
  const migrations = files.filter(({ path }) => /\/migrations\/\d{4}_\w+[.]sql$/.test(path));
  for (const migration of migrations.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))) {
    const text = withoutComments(migration);
    for (const [, name = '', body = ''] of text.matchAll(createTable)) {
      if (/^\s*organization_id\s/m.test(body)) tables.add(name);
      for (const [, other = ''] of body.matchAll(/\breferences (\w+)/g)) {
        references.push([name, other]);
      }
    }
    for (const [, name = ''] of text.matchAll(
      /alter table (\w+)[^;]*add column organization_id\s/g,
    )) {
      tables.add(name);
    }
  }
  for (const [name, other] of references) {
    if (tables.has(other) && !(other in othersTables)) tables.add(name);
  }
  for (const name of Object.keys(othersTables)) tables.delete(name);
  return tables;
}

const createTable = /create table (?:if not exists )?(\w+) \(([\s\S]*?)\n\)/g;

function nameOf({ path }: SourceFile): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** A declaration of the file, with the comment above it. */
interface Block {
  name: string;
  line: number;
  comment: string;
  code: string;
}

function judgeStore(file: SourceFile, tables: ReadonlySet<string>): Finding[] {
  return blocksOf(file).flatMap(({ name, line, comment, code }) => {
    const place = { path: file.path, line };
    const unscoped = statementsOf(code).flatMap((statement) => {
      const named = tablesOf(statement, tables);
      return named.length > 0 && !isScoped(statement) ? named : [];
    });
    const isMarked = marker.test(comment) || writesBack.test(name);
    if (unscoped.length === 0 || isMarked) return [];
    const which = [...new Set(unscoped)].join(', ');
    return [{ ...place, message: `${name} names no organization_id for ${which}: ${whatToDo}` }];
  });
}

const whatToDo = `add it, or "@scope ${kinds}: why" above.`;

function blocksOf(file: SourceFile): Block[] {
  const bare = withoutComments(file);
  const starts = [...file.text.matchAll(declaration)];
  return starts.map((match, index) => {
    const at = match.index;
    const before = file.text.slice(starts[index - 1]?.index ?? 0, at);
    return {
      name: match[1] ?? '',
      line: file.text.slice(0, at).split('\n').length,
      comment: before.match(/\/\*\*(?:(?!\*\/)[\s\S])*\*\/\s*$/)?.[0] ?? '',
      code: codeBetween(bare, match[0], index, starts),
    };
  });
}

const declaration = /^(?:export )?(?:async )?(?:function|const) (\w+)/gm;

/** Comments are blanked where they stand, so that declarations are in the same order and lines. */
function codeBetween(
  bare: string,
  head: string,
  index: number,
  starts: readonly RegExpMatchArray[],
): string {
  const places = [...bare.matchAll(declaration)];
  if (places.length !== starts.length) return `${head}${bare}`;
  return bare.slice(places[index]?.index, places[index + 1]?.index);
}

/** Templates of SQL and chains of the query builder, each whole. */
function statementsOf(code: string): string[] {
  const templates = [...code.matchAll(/\bsql(?:<(?:[^<>`]|<[^<>`]*>)*>)?`/g)].map(({ index }) =>
    templateAt(code, code.indexOf('`', index)),
  );
  const chains = [...code.matchAll(/[.](?:selectFrom|updateTable|deleteFrom)\(/g)].map(
    ({ index }) => chainAt(code, index),
  );
  // A template within another belongs to it.
  return [
    ...templates.filter((one) => !templates.some((other) => contains(other, one))),
    ...chains,
  ];
}

function contains(other: string, one: string): boolean {
  return other !== one && other.includes(one);
}

/** The template that opens at a backquote, those within its `${…}` included. */
function templateAt(code: string, open: number): string {
  let depth = 0;
  for (let at = open + 1; at < code.length; at += 1) {
    if (code.startsWith('${', at)) depth += 1;
    else if (depth > 0 && code[at] === '}') depth -= 1;
    else if (depth === 0 && code[at] === '`') return code.slice(open, at + 1);
  }
  return code.slice(open);
}

/** To the end of what is chained: `if (…) query = query.where(…)` behind it is a condition, and no scope. */
function chainAt(code: string, start: number): string {
  let depth = 0;
  for (let at = start; at < code.length; at += 1) {
    if ('([{'.includes(code[at] ?? '')) depth += 1;
    if (')]}'.includes(code[at] ?? '')) depth -= 1;
    if (depth < 0 || (depth === 0 && code[at] === ';')) return code.slice(start, at);
  }
  return code.slice(start);
}

function tablesOf(statement: string, tables: ReadonlySet<string>): string[] {
  const inText = /\b(?:from|join|update|using)\s+(?:only\s+)?(\w+)/g;
  const inChain = /(?:selectFrom|updateTable|deleteFrom|[a-z]+Join)\(\s*'(\w+)/g;
  const named = [...statement.matchAll(inText), ...statement.matchAll(inChain)];
  return named.map(([, name = '']) => name).filter((name) => tables.has(name));
}

/**
 * Equal to what is passed, or to a row of what is passed; null, where the deployment's own are meant; for a part of a
 * query, equal to that of its host. `null or organization_id = …` may be left out, and is none.
 */
function isScoped(statement: string): boolean {
  const always = statement.replace(/is null or (?:\w+[.])?organization_id = \$\{/g, '');
  const passed = [...always.matchAll(/\b(?:unnest|to_recordset|values)\b[\s\S]*?\bas (\w+)/g)];
  const rows = passed.map(([, alias = '']) => alias).join('|') || 'nothing';
  return (
    /\borganization_id\s*(?:=|in)\s*\(?(?:any\s*\(\s*)?\$\{/.test(always) ||
    new RegExp(`\\borganization_id = (?:${rows})[.]"?organization`, 'i').test(always) ||
    new RegExp(`\\b(?:${rows})[.]"?organization(?:_id|Id)"? = \\w+[.]organization_id`).test(
      always,
    ) ||
    /\borganization_id is null/.test(always) ||
    /^`\s*(?!select|with|update|delete)[\s\S]*organization_id = \w+[.]organization_id/.test(
      always,
    ) ||
    /'(?:\w+[.])?organization_id',\s*'(?:=|in)'/.test(always)
  );
}
