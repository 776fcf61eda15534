/**
 * Reads the kinds of blocks and tools in their bytes. Most calls have only kinds that are free of surprises; they are told
 * apart without parsing a conversation of a megabyte.
 */

const typeName = Buffer.from('"type"');
const asciiEscape = Buffer.from('\\u00');
const quote = 0x22;
const backslash = 0x5c;
const colon = 0x3a;
// A property of that name in a JSON schema, and a list of what it may be.
const openBrace = 0x7b;
const openBracket = 0x5b;
const wordBytesMax = 64;

/** Whether every `"type"` in some JSON has one of these words, as far as its bytes can tell. */
export function hasOnlyTypes(json: Buffer, words: ReadonlySet<string>): boolean {
  // An escaped letter could hide a name.
  if (json.indexOf(asciiEscape) >= 0) return false;
  let at = nextType(json, 0);
  while (at >= 0) {
    if (json[at] === quote) {
      const end = json.indexOf(quote, at + 1);
      if (end < 0 || end - at > wordBytesMax) return false;
      if (!words.has(json.toString('latin1', at + 1, end))) return false;
    } else if (json[at] !== openBrace && json[at] !== openBracket) {
      return false;
    }
    at = nextType(json, at);
  }
  return true;
}

/**
 * Whether an object in some JSON has its `"type"` more than once, or spelled with escapes: parsers may differ on what it is.
 * `parsed` is the value that the bytes stand for.
 */
export function hasUnclearTypes(json: Buffer, parsed: unknown): boolean {
  let count = 0;
  let at = nextType(json, 0);
  while (at >= 0) {
    count += 1;
    at = nextType(json, at);
  }
  return count !== countTypes(parsed);
}

/** The offset of the value behind the next member of that name, or −1. */
function nextType(json: Buffer, from: number): number {
  let found = json.indexOf(typeName, from);
  while (found >= 0) {
    const at = skipSpace(json, found + typeName.length);
    // Inside of a string its first quote would be escaped.
    if (json[at] === colon && json[found - 1] !== backslash) {
      return skipSpace(json, at + 1);
    }
    found = json.indexOf(typeName, at);
  }
  return -1;
}

function skipSpace(json: Buffer, from: number): number {
  let at = from;
  while (json[at] === 0x20 || json[at] === 0x0a || json[at] === 0x0d || json[at] === 0x09) at += 1;
  return at;
}

function countTypes(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  if (Array.isArray(value)) return value.reduce((sum: number, one) => sum + countTypes(one), 0);
  let count = Object.hasOwn(value, 'type') ? 1 : 0;
  for (const inner of Object.values(value)) count += countTypes(inner);
  return count;
}
