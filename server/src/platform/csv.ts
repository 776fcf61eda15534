/** Tables as files that a spreadsheet opens. https://www.rfc-editor.org/rfc/rfc4180 */

/** A byte order mark, so that a spreadsheet reads the text as UTF-8. */
const mark = '\ufeff';

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

export function csvField(value: string | number | null): string {
  if (value === null) return '';
  const text = String(value);
  const safe = formula.test(text) && !decimal.test(text) ? `'${text}` : text;
  return /[",;\t\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
