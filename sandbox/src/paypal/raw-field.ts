/** Cuts the text of one field out of a JSON object, byte for byte as it came: a checksum was made of exactly that. */

/** Undefined where there is no such field, or more than one. The text is known to be JSON. */
export function rawField(text: string, field: string): string | undefined {
  const found: string[] = [];
  let at = skipSpace(text, text.indexOf('{') + 1);
  while (text[at] === '"') {
    const nameEnd = endOfString(text, at);
    const name: unknown = JSON.parse(text.slice(at, nameEnd));
    const start = skipSpace(text, skipSpace(text, nameEnd) + 1);
    const end = endOfValue(text, start);
    if (name === field) found.push(text.slice(start, end));
    at = skipSpace(text, skipSpace(text, end) + 1);
  }
  return found.length === 1 ? found[0] : undefined;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (/[ \t\r\n]/.test(text[at] ?? '')) at += 1;
  return at;
}

function endOfString(text: string, from: number): number {
  let at = from + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

function endOfValue(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; ) {
    const character = text[at] ?? '';
    if (depth === 0 && at > from && /[,}\] \t\r\n]/.test(character)) return at;
    if (character === '"') {
      at = endOfString(text, at);
    } else {
      if ('{['.includes(character)) depth += 1;
      if ('}]'.includes(character)) depth -= 1;
      at += 1;
    }
    if (depth === 0 && '}]"'.includes(text[at - 1] ?? '')) return at;
  }
  return text.length;
}
