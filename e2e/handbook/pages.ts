/** The pages of the handbook in the order in which they are read, and what stands in them to be run. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = new URL('../../docs/handbook/', import.meta.url).pathname;

export interface Block {
  /** `sh` for the shell, `sql` for the database. */
  language: 'sh' | 'sql';
  text: string;
  /** The text behind it, which is what it prints; undefined where nothing is said of that. */
  prints: string | undefined;
}

export interface Page {
  /** From the folder of the handbook: `incidents/upstream-down.md`. */
  name: string;
  blocks: readonly Block[];
}

/** The first page says how to begin; its commands stand before those of every other. */
export const beginning = readPage('README.md');

/** Every page that the first one leads to. */
export const chapters: readonly Page[] = linksIn('README.md').map(readPage);

function linksIn(name: string): string[] {
  const targets = textOf(name).matchAll(/^\| +\[[^\]]+\]\(([\w/-]+\.md)\)/gm);
  return [...targets].map(([, target = '']) => target);
}

function readPage(name: string): Page {
  const fences = textOf(name).matchAll(
    /^```(\w+)\n([\s\S]*?)^```\n(?:\n```text\n([\s\S]*?)^```$)?/gm,
  );
  const blocks = [...fences].flatMap(([, language, text = '', prints]) =>
    language === 'sh' || language === 'sql' ? [{ language, text, prints } as Block] : [],
  );
  return { name, blocks };
}

function textOf(name: string): string {
  return readFileSync(join(folder, name), 'utf8');
}

/** Whether a program printed what a page says; `…` stands for anything. */
export function isAsPrinted(printed: string, said: string): boolean {
  const parts = said
    .trim()
    .split('…')
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[\\s\\S]*?')}$`).test(printed.trim());
}
