import { Refusal } from '../../../platform/errors.ts';

/**
 * Reads where a page of what operators put in order goes on: behind a place in that order, then an id.
 * @throws Refusal `malformed` for anything but one of ours.
 */
export function parseSortedCursor(
  text: string | undefined,
  idPrefix: string,
): { sortOrder: number; id: string } | undefined {
  if (text === undefined) return undefined;
  const [, sortOrder, id] = /^(-?\d{1,9}) (\w+)$/.exec(text) ?? [];
  if (sortOrder === undefined || !id?.startsWith(`${idPrefix}_`)) {
    throw cursorMalformed();
  }
  return { sortOrder: Number(sortOrder), id };
}

/**
 * Reads where a page of versions goes on: below a version.
 * @throws Refusal `malformed` for anything but one of ours.
 */
export function parseVersionCursor(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw cursorMalformed();
  return Number(text);
}

function cursorMalformed(): Refusal {
  return new Refusal('malformed', 'Pass the cursor as a list answered it, or leave it out.', {
    param: 'cursor',
  });
}
