/** Tables as files that a spreadsheet opens. https://www.rfc-editor.org/rfc/rfc4180 */

/** A byte order mark, so that a spreadsheet reads the text as UTF-8. */
const mark = '\ufeff';

/**
 * Reads the next record of a text that `csvLine` wrote, from `offset`; undefined behind the last one. Line ends within
 * quotes belong to the field.
 * @throws SyntaxError where a quote is not closed.
 */
export function readCsvRecord(
  text: string,
  offset: number,
): { fields: string[]; next: number; lines: number } | undefined {
  if (offset >= text.length) return undefined;
  const fields: string[] = [];
  let at = offset;
  let lines = 1;
  for (;;) {
    let field = '';
    if (text[at] === '"') {
      let end = text.indexOf('"', at + 1);
      while (end !== -1 && text[end + 1] === '"') end = text.indexOf('"', end + 2);
      if (end === -1) throw new SyntaxError('a quote is not closed');
      field = text.slice(at + 1, end).replaceAll('""', '"');
      lines += field.split('\n').length - 1;
      at = end + 1;
    }
    fieldEnd.lastIndex = at;
    const end = fieldEnd.exec(text)?.index ?? text.length;
    fields.push(field + text.slice(at, end));
    if (text[end] === ',') at = end + 1;
    else
      return { fields, next: end + (text[end] === '\r' && text[end + 1] === '\n' ? 2 : 1), lines };
  }
}

const fieldEnd = /[,\r\n]/g;

/** Writes a table; each row has a field for every column. */
export function writeCsv(
  columns: readonly string[],
  rows: readonly (readonly (string | number | null)[])[],
): Buffer {
  return Buffer.from(mark + [columns, ...rows].map(csvLine).join(''));
}

/** One line of a table, its end included. */
export function csvLine(fields: readonly (string | number | null)[]): string {
  return `${fields.map(csvField).join(',')}\r\n`;
}

/**
 * A spreadsheet takes text for a formula that begins so, spaces before it or not; an apostrophe makes it text. Negative
 * numbers are numbers.
 * https://owasp.org/www-community/attacks/CSV_Injection
 */
const formula = /^\s*[=+\-@\t\r\n＝＋－＠]/;
const decimal = /^-?\d+(\.\d+)?$/;

/** The text as a spreadsheet may have it: no formula. */
export function inertText(text: string): string {
  return formula.test(text) && !decimal.test(text) ? `'${text}` : text;
}

export function csvField(value: string | number | null): string {
  if (value === null) return '';
  const safe = inertText(String(value));
  return /[",;\t\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
