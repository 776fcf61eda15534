/**
 * Whoever changes something is recorded: every operation of the contract with a changing method leads to `recordAudit`, or
 * stands below with its reason. Told from the sources: from the handler in a domain's `http*.ts` along its imports.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { endpoints } from '@sluice/contract';
import { describe, expect, test } from 'vitest';

const domains = new URL('./domains', import.meta.url).pathname;

/** Changing by method, but nothing that somebody could want to know of later; or recorded elsewhere. */
const unrecorded: Readonly<Record<string, string>> = {
  checkRateLimit: 'counts a call; it changes nothing that lasts',
  readNotice: 'one has read what one was told',
  readNotices: 'one has read what one was told',
  releaseAccess: 'a call: its receipt and the ledger say what became of it',
  renewAccess: 'a call: its receipt and the ledger say what became of it',
  reportUsage: 'use is kept event by event, with who reported it',
  settleAccess: 'a call: its receipt and the ledger say what became of it',
  simulateModelPrice: 'asks what prices would have made of past calls, and keeps nothing',
  setupTotp: 'offers a secret that nothing asks for before enableTotp, which is recorded',
};

const sources = new Map<string, string>();

function textOf(file: string): string {
  const known = sources.get(file);
  if (known !== undefined) return known;
  const text = readFileSync(file, 'utf8');
  sources.set(file, text);
  return text;
}

/** Names that a file imports from other files of ours, and which. */
function importsOf(file: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const [, names = '', from = ''] of textOf(file).matchAll(
    /^(?:import|export) (?!type\b)([^;]*?) from '(\.[^']+)';/gms,
  )) {
    for (const name of names.matchAll(/(?:type )?([\w$]+)(?: as ([\w$]+))?/g)) {
      if (!name[0].startsWith('type '))
        found.set(name[2] ?? name[1] ?? '', resolve(dirname(file), from));
    }
  }
  return found;
}

/** Whether the function of that name in the file, or anything that its file uses, records. */
function leadsToRecord(file: string, seen: Set<string>): boolean {
  if (
    seen.has(file) ||
    /\/(core|migrations|platform)\/|store(\/[^/]*)?\.ts$|\/contract\//.test(file)
  )
    return false;
  seen.add(file);
  if (/\brecordAudit\(/.test(textOf(file))) return true;
  const isDoor = file.endsWith('/index.ts');
  if (isDoor) return false;
  return [...importsOf(file)].some(([name, from]) => leadsToRecord(behindDoor(name, from), seen));
}

/** The file that really has what a door hands out. */
function behindDoor(name: string, file: string): string {
  return file.endsWith('/index.ts') ? (importsOf(file).get(name) ?? file) : file;
}

interface Handler {
  file: string;
  text: string;
}

/** By the name of the operation. */
function findHandlers(): Map<string, Handler> {
  const handlers = new Map<string, Handler>();
  for (const domain of readdirSync(domains)) {
    for (const name of readdirSync(join(domains, domain))) {
      if (!/^http.*(?<!\.test)\.ts$|^requests\.ts$/.test(name)) continue;
      const file = join(domains, domain, name);
      const parts = textOf(file).split(/(?=\.serve(?:Raw)?\()/);
      for (const text of parts.slice(1)) {
        const [, operation = ''] = /^\.serve(?:Raw)?\(\s*(?:[\w$]+\.)?([\w$]+)/.exec(text) ?? [];
        handlers.set(operation, { file, text });
        // Where the operation has the name already, its endpoint is imported under a longer one.
        handlers.set(operation.replace(/Endpoint$/, ''), { file, text });
      }
    }
  }
  return handlers;
}

function isRecorded({ file, text }: Handler, whole = textOf(file)): boolean {
  const imports = importsOf(file);
  const names = new Set(text.match(/[\w$]+/g));
  // A handler may call functions of its own file, which call the operations.
  for (const [, name = '', body = ''] of whole.matchAll(
    /^(?:async )?function (\w+)[\s\S]*?\n\{?([\s\S]*?)^\}/gm,
  )) {
    if (names.has(name)) for (const word of body.match(/[\w$]+/g) ?? []) names.add(word);
  }
  if (names.has('recordAudit')) return true;
  return [...names].some((name) => {
    const from = imports.get(name);
    return from !== undefined && leadsToRecord(behindDoor(name, from), new Set());
  });
}

const handlers = findHandlers();
const changing = endpoints.filter(({ method }) => method !== 'GET');

describe('every changing operation', () => {
  test('is found in the sources', () => {
    const missing = changing.filter(({ operation }) => !handlers.has(operation));
    expect(missing.map(({ operation }) => operation)).toEqual([]);
    expect(changing.length).toBeGreaterThan(100);
  });

  test('is recorded, or has a reason not to be', () => {
    const silent = changing
      .map(({ operation }) => operation)
      .filter((operation) => {
        const handler = handlers.get(operation);
        return handler !== undefined && !isRecorded(handler);
      });
    expect(silent.sort()).toEqual(Object.keys(unrecorded).sort());
  });
});
