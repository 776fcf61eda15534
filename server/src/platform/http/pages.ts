/** Cursor pages: a list is read newest first by its sortable id; the cursor is the last id seen. */
import { Refusal } from '../errors.ts';
import { isIdOf } from '../ids.ts';

export interface Page<T> {
  data: T[];
  next_cursor: string | null;
}

/** The shape of the query of every list. */
export interface PageRequest {
  limit: number;
  cursor?: string | undefined;
}

/**
 * Makes a page from up to `limit + 1` rows: the extra one tells that there is more.
 * `cursorOf` names the row that the next page starts behind.
 */
export function pageOf<Row, T>(
  rows: readonly Row[],
  request: PageRequest,
  cursorOf: (row: Row) => string,
  present: (row: Row) => T,
): Page<T> {
  const shown = rows.slice(0, request.limit);
  const last = shown.at(-1);
  const more = rows.length > request.limit && last !== undefined;
  return {
    data: shown.map(present),
    next_cursor: more ? writeCursor(cursorOf(last)) : null,
  };
}

/** The cursor of the page that starts behind a row. */
export function writeCursor(row: string): string {
  return Buffer.from(row).toString('base64url');
}

/** The shape of the contract's `TimedPageQuery`. */
export interface TimedPageRequest extends PageRequest {
  from?: string | undefined;
  to?: string | undefined;
}

/** The time that a list is narrowed to. */
export interface Times {
  from: Date | undefined;
  /** Not included. */
  to: Date | undefined;
}

export function readTimes({ from, to }: Pick<TimedPageRequest, 'from' | 'to'>): Times {
  return {
    from: from === undefined ? undefined : new Date(from),
    to: to === undefined ? undefined : new Date(to),
  };
}

/**
 * Reads a cursor back; where the list reads the time out of it, an id with the prefix.
 * @throws Refusal `malformed` for anything but one of ours.
 */
export function readCursor(request: PageRequest, idPrefix?: string): string | undefined {
  if (request.cursor === undefined) return undefined;
  const text = Buffer.from(request.cursor, 'base64url').toString('utf8');
  const isOurs = idPrefix === undefined || isIdOf(idPrefix, text);
  if (!isOurs || !/^[\x20-\x7e]{1,300}$/.test(text)) {
    throw new Refusal('malformed', 'Pass the cursor as a list answered it, or leave it out.', {
      param: 'cursor',
    });
  }
  return text;
}
