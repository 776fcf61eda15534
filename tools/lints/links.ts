/** A page that points nowhere sends its reader away: every relative link in a page leads to a file or folder. */
import { posix } from 'node:path';
import type { Lint, SourceFile } from './source.ts';

const link = /\]\((?!https?:|mailto:|#)([^)\s#]+)[^)]*\)/g;

export const links: Lint = (files) => {
  const places = new Set(files.flatMap(({ path }) => [path, ...foldersOf(path)]));
  return files
    .filter(({ path }) => path.endsWith('.md'))
    .flatMap((page) =>
      targetsOf(page)
        .filter((target) => !places.has(target))
        .map((target) => ({ path: page.path, message: `Links to ${target}, which is not there.` })),
    );
};

function targetsOf({ path, text }: SourceFile): string[] {
  return [...text.matchAll(link)].map(([, target = '']) =>
    posix.join(posix.dirname(path), target).replace(/\/$/, ''),
  );
}

function foldersOf(path: string): string[] {
  const parts = path.split('/');
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
}
