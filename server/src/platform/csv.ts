/** Tables as files that a spreadsheet opens. https://www.rfc-editor.org/rfc/rfc4180 */

/** A byte order mark, so that a spreadsheet reads the text as UTF-8. */
const mark = '\ufeff';

/** Writes a table; each row has a field for every column. */
export function writeCsv(
  columns: readonly string[],
  rows: readonly (readonly (string | number | null)[])[],
): Buffer {
  const lines = [columns, ...rows].map((row) => row.map(field).join(','));
  return Buffer.from(`${mark}${lines.join('\r\n')}\r\n`);
}

/**
 * A spreadsheet takes text for a formula that begins so; an apostrophe makes it text. Negative numbers are numbers.
 * https://owasp.org/www-community/attacks/CSV_Injection
 */
const formula = /^\s*[=+\-@\t\r\n＝＋－＠]/;
const decimal = /^-?\d+(\.\d+)?$/;

function field(value: string | number | null): string {
  if (value === null) return '';
  const text = String(value);
  const safe = formula.test(text) && !decimal.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
