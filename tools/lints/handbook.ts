/**
 * The handbook is one book in two languages. A page without its counterpart, a block that differs, a page of the console
 * that is not there: each would send one of its readers astray. That the commands work is proved in `e2e/handbook`.
 */
import { posix } from 'node:path';
import type { Finding, Lint, SourceFile } from './source.ts';

const english = 'docs/handbook/';
const chinese = 'docs/handbook/zh-CN/';
/** Read in one sitting; what is longer is two pages, or belongs in a guide. */
const linesMax = 160;
/** `sh` and `sql` are run, and a `text` behind one of them is what it prints. */
const languages = ['sh', 'sql', 'text', 'json', 'yaml'];

const fence = /^```(\S*)\n([\s\S]*?)^```$/gm;
const heading = /^(#+) /gm;
const link = /\]\(([^)\s]+)\)/g;
const consolePage = /`(\/admin(?:\/[\w$/-]+)?)`/g;

export const handbook: Lint = (files) => {
  const pages = files.filter(({ path }) => path.startsWith(english) && path.endsWith('.md'));
  const known = consolePagesIn(files);
  return [
    ...pages.flatMap((page) => judgePage(page, known)),
    ...pages
      .filter(({ path }) => !path.startsWith(chinese))
      .flatMap((page) => compare(page, counterpartOf(page, pages))),
    ...pages
      .filter(({ path }) => path.startsWith(chinese))
      .filter(({ path }) => !pages.some((page) => page.path === path.replace(chinese, english)))
      .map(({ path }) => ({ path, message: 'Has no page in English.' })),
  ];
};

function counterpartOf({ path }: SourceFile, pages: readonly SourceFile[]): SourceFile | undefined {
  return pages.find((page) => page.path === path.replace(english, chinese));
}

function judgePage(page: SourceFile, known: ReadonlySet<string>): Finding[] {
  const { path, text } = page;
  const lines = text.split('\n').length - 1;
  const prose = text.replace(fence, '');
  return [
    ...(lines > linesMax ? [{ path, message: `${lines} lines; at most ${linesMax}.` }] : []),
    ...blocksOf(page)
      .filter(({ language }) => !languages.includes(language))
      .map(({ language }) => ({
        path,
        message: `A block of "${language}": write one of ${languages.join(', ')}.`,
      })),
    ...[...prose.matchAll(consolePage)]
      .filter(([, address = '']) => !known.has(address))
      .map(([, address]) => ({ path, message: `The console has no page ${address}.` })),
  ];
}

function compare(page: SourceFile, other: SourceFile | undefined): Finding[] {
  if (!other) return [{ path: page.path, message: 'Has no page in Chinese.' }];
  const { path } = other;
  const theirs = blocksOf(other);
  const differing = blocksOf(page).findIndex(
    ({ language, text }, index) =>
      theirs[index]?.language !== language || theirs[index]?.text !== text,
  );
  return [
    ...(differing >= 0 || blocksOf(page).length !== theirs.length
      ? [{ path, message: `Block ${differing + 1} is not that of the English page.` }]
      : []),
    ...(headingsOf(page) === headingsOf(other)
      ? []
      : [{ path, message: 'Its headings are not those of the English page.' }]),
    ...(targetsOf(page, english) === targetsOf(other, chinese)
      ? []
      : [{ path, message: 'It does not link to what the English page links to.' }]),
  ];
}

function blocksOf({ text }: SourceFile): { language: string; text: string }[] {
  return [...text.matchAll(fence)].map(([, language = '', block = '']) => ({
    language,
    text: block,
  }));
}

/** Levels, in their order: what a heading says is each language's own. */
function headingsOf({ text }: SourceFile): string {
  return [...text.replace(fence, '').matchAll(heading)].map(([, level]) => level).join(' ');
}

/**
 * What a page leads to, a page of its own language by its place in the book. A sentence may name links in another
 * order; the way to the other language is each page's own.
 */
function targetsOf({ path, text }: SourceFile, book: string): string {
  const targets = [...text.replace(fence, '').matchAll(link)].flatMap(([, target = '']) => {
    const [file = ''] = target.split('#');
    if (/^https?:/.test(file)) return [file];
    const place = posix.join(posix.dirname(path), file);
    const isOtherLanguage = place.replace(chinese, english) === path.replace(chinese, english);
    return file === '' || isOtherLanguage ? [] : [place.replace(book, 'book:')];
  });
  return [...new Set(targets)].sort().join(' ');
}

function consolePagesIn(files: readonly SourceFile[]): ReadonlySet<string> {
  const map = files.find(({ path }) => path === 'web/src/paths.ts');
  return new Set([...(map?.text ?? '').matchAll(/'(\/admin[^']*)'/g)].map(([, path = '']) => path));
}
