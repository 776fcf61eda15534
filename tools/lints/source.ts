/** What the lints read: every text file of the tree, that pictures are there, and what a finding is. */
import { type Dirent, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

export interface SourceFile {
  /** From the root of the repository, with forward slashes. */
  path: string;
  /** Empty for a picture. */
  text: string;
}

export interface Finding {
  path: string;
  /** Counted from 1; left out where the whole file is meant. */
  line?: number;
  message: string;
}

export type Lint = (files: readonly SourceFile[]) => readonly Finding[];

const textName =
  /[.](ts|tsx|mjs|sql|css|md|json|py|ya?ml|conf)$|^(LICENSE|Caddyfile)$|^[.]env[.]example$/;
const pictureName = /[.](png|svg)$/;
const skipped = new Set(['node_modules', 'dist', 'coverage', 'package-lock.json']);

/** Reads the text files under `root`; folders that are built, installed or hidden are left out. */
export function readSource(root: string, folder = root): readonly SourceFile[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !skipped.has(entry.name) && isRead(entry))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return readSource(root, path);
      const name = relative(root, path).split(sep).join('/');
      return [{ path: name, text: pictureName.test(name) ? '' : readFileSync(path, 'utf8') }];
    });
}

/** Blanks comments out, keeping every line where it is, so that a rule may be named where it is explained. */
export function withoutComments({ path, text }: SourceFile): string {
  const blocksGone = text.replace(/\/\*[\s\S]*?\*\//g, (block) => block.replace(/[^\n]/g, ' '));
  return path.endsWith('.sql')
    ? blocksGone.replace(/--.*$/gm, '')
    : blocksGone.replace(/(^|\s)\/\/.*$/gm, '$1');
}

function isRead(entry: Dirent): boolean {
  if (entry.isDirectory()) return !entry.name.startsWith('.');
  return textName.test(entry.name) || pictureName.test(entry.name);
}
