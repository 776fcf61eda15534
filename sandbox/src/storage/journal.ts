/**
 * Records that survive a restart: every change appends one line of JSON, the last line of an id wins, and the file is
 * rewritten when it has grown well past what is alive. Without a path everything stays in memory.
 */
import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';

export interface JournalOptions {
  path: string | undefined;
  /** The oldest records beyond this number are forgotten. */
  recordsMax: number;
}

/** Rewriting costs a pass over everything, so it waits until the file holds this many times the limit. */
const REWRITE_FACTOR = 4;

export class Journal<T extends { id: string }> {
  readonly #records = new Map<string, T>();
  readonly #options: JournalOptions;
  #file: number | undefined;
  #lines = 0;

  constructor(options: JournalOptions) {
    this.#options = options;
    if (options.path === undefined) return;
    if (existsSync(options.path)) this.#load(options.path);
    this.#rewrite(options.path);
  }

  get(id: string): T | undefined {
    return this.#records.get(id);
  }

  /** Oldest first. */
  all(): T[] {
    return [...this.#records.values()];
  }

  put(record: T): void {
    this.#remember(record);
    this.#append(JSON.stringify(record));
  }

  remove(id: string): void {
    if (this.#records.delete(id)) this.#append(JSON.stringify({ id, removed: true }));
  }

  clear(): void {
    this.#records.clear();
    if (this.#options.path !== undefined) this.#rewrite(this.#options.path);
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #remember(record: T): void {
    this.#records.set(record.id, record);
    if (this.#records.size <= this.#options.recordsMax) return;
    const oldest = this.#records.keys().next();
    if (!oldest.done) this.#records.delete(oldest.value);
  }

  #append(line: string): void {
    if (this.#file === undefined || this.#options.path === undefined) return;
    writeSync(this.#file, `${line}\n`);
    this.#lines += 1;
    if (this.#lines > this.#options.recordsMax * REWRITE_FACTOR) this.#rewrite(this.#options.path);
  }

  #load(path: string): void {
    for (const line of readFileSync(path, 'utf8').split('\n')) {
      const record = parseLine<T>(line);
      if (!record) continue;
      if ('removed' in record) this.#records.delete(record.id);
      else this.#remember(record);
    }
  }

  #rewrite(path: string): void {
    this.close();
    const lines = this.all().map((record) => `${JSON.stringify(record)}\n`);
    const replacement = `${path}.new`;
    writeFileSync(replacement, lines.join(''), { mode: 0o600 });
    renameSync(replacement, path);
    this.#file = openSync(path, 'a', 0o600);
    this.#lines = lines.length;
  }
}

/** A process killed in the middle of an append leaves half a line; what came before it stays good. */
function parseLine<T extends { id: string }>(line: string): T | undefined {
  if (line === '') return undefined;
  try {
    return JSON.parse(line) as T;
  } catch {
    return undefined;
  }
}
