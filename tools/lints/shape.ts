/** Lints on the shape of the tree: how long files are, what they are called, what every domain must have. */
import { domains } from '../layers.ts';
import type { Finding, Lint, SourceFile } from './source.ts';

const fileLinesMax = 400;
const migrationLinesMax = 100;
const domainReadmeLinesMax = 80;

const storedFunction = /\bcreate\s+(or\s+replace\s+)?(function|procedure)\b/i;
const emptyNames = new Set([
  'utils',
  'util',
  'helpers',
  'helper',
  'common',
  'manager',
  'base',
  'data',
  'info',
  'misc',
  'v2',
]);

/** A file that a person can read in one sitting. Stored functions may be longer: splitting them costs round trips. */
export const fileLength: Lint = (files) =>
  files.flatMap(({ path, text }) => {
    const linesMax = linesMaxOf(path, text);
    const lines = countLines(text);
    if (lines <= linesMax) return [];
    return [
      { path, message: `${lines} lines; at most ${linesMax}. Split it where its ideas part.` },
    ];
  });

/** A name says what is inside. */
export const fileNames: Lint = (files) =>
  files
    .filter(({ path }) => /[.](ts|tsx|mjs)$/.test(path))
    .flatMap(({ path }) => {
      const empty = path.split('/').find((part) => emptyNames.has(part.split('.')[0] ?? ''));
      return empty ? [{ path, message: `"${empty}" says nothing: name the thing inside.` }] : [];
    });

/** Every domain has a row in the layer table, a door, and a page that says what it owns. */
export const domainShape: Lint = (files) => {
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  const present = files.flatMap(
    ({ path }) => path.match(/^server\/src\/domains\/([^/]+)\//)?.[1] ?? [],
  );
  return [...new Set(present)].flatMap((domain) => judgeDomain(domain, texts));
};

/** Numbers are given once across the repository, because they are the order in which a database grows. */
export const migrationNumbers: Lint = (files) => {
  const taken = new Map<string, string>();
  return files.flatMap(({ path }): Finding[] => {
    const file = path.match(/^server\/src\/.*\/migrations\/([^/]+)[.]sql$/)?.[1];
    if (!file) return [];
    const number = file.match(/^(\d{4})_[a-z0-9_]+$/)?.[1];
    if (!number) return [{ path, message: 'Name it NNNN_what_it_makes.sql.' }];
    const other = taken.get(number);
    taken.set(number, path);
    return other
      ? [{ path, message: `${number} is taken by ${other}; take the next number.` }]
      : [];
  });
};

/** A decision that nothing keeps is a wish: each names the check or test that does, and that file is there. */
export const decisions: Lint = (files) => {
  const paths = new Set(files.map(({ path }) => path));
  const pages = files.filter(
    ({ path }) => path.startsWith('docs/decisions/') && path !== 'docs/decisions/README.md',
  );
  return pages.flatMap((page) => judgeDecision(page, paths));
};

function linesMaxOf(path: string, text: string): number {
  if (!/[.](ts|tsx|mjs|sql|css)$/.test(path)) return Number.POSITIVE_INFINITY;
  if (path.endsWith('.sql')) {
    if (storedFunction.test(text)) return Number.POSITIVE_INFINITY;
    return path.includes('/migrations/') ? migrationLinesMax : fileLinesMax;
  }
  return fileLinesMax;
}

function judgeDomain(domain: string, texts: ReadonlyMap<string, string>): Finding[] {
  const folder = `server/src/domains/${domain}`;
  const findings: Finding[] = [];
  if (!domains.includes(domain)) {
    findings.push({ path: folder, message: 'It has no row in tools/layers.ts.' });
  }
  if (!texts.has(`${folder}/index.ts`)) {
    findings.push({
      path: `${folder}/index.ts`,
      message: 'A domain has a door: what others may import.',
    });
  }
  const readme = texts.get(`${folder}/README.md`);
  if (readme === undefined) {
    findings.push({
      path: `${folder}/README.md`,
      message: 'A domain has a page: nouns, owner, invariants, states, events.',
    });
  } else if (countLines(readme) > domainReadmeLinesMax) {
    findings.push({
      path: `${folder}/README.md`,
      message: `${countLines(readme)} lines; at most ${domainReadmeLinesMax}.`,
    });
  }
  return findings;
}

function judgeDecision({ path, text }: SourceFile, paths: ReadonlySet<string>): Finding[] {
  if (!/^docs\/decisions\/\d{4}-[a-z0-9-]+[.]md$/.test(path)) {
    return [{ path, message: 'Name it NNNN-what-was-decided.md.' }];
  }
  const keptBy = text.match(/^Kept by:[\s\S]*?(?=\n\n|$(?![\s\S]))/m)?.[0] ?? '';
  const cited = [...keptBy.matchAll(/`([^`\s]+\/[^`\s]+)`/g)].map(([, file = '']) => file);
  if (cited.length === 0) {
    return [{ path, message: 'Add "Kept by:" with the path of the check or test that keeps it.' }];
  }
  return cited
    .filter((file) => !paths.has(file))
    .map((file) => ({ path, message: `Cites ${file}, which is not there.` }));
}

function countLines(text: string): number {
  return text.replace(/\n$/, '').split('\n').length;
}
