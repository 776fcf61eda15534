/**
 * JSON in and out without changing a number: an id of 19 digits in a tool's arguments is not what a double holds.
 * https://tc39.es/proposal-json-parse-with-source/
 */
interface ExactJson {
  parse(
    text: string,
    reviver?: (name: string, value: unknown, context: { source?: string }) => unknown,
  ): unknown;
  rawJSON(text: string): unknown;
}
const exact: ExactJson = JSON as unknown as ExactJson;

/** Shorter ones fit. */
const longNumber = /[0-9]{16}/;
const integer = /^-?[0-9]+$/;

/** @throws SyntaxError for what is no JSON. */
export function parseExactly(text: string): unknown {
  return longNumber.test(text) ? exact.parse(text, keepDigits) : JSON.parse(text);
}

function keepDigits(_name: string, value: unknown, { source }: { source?: string }): unknown {
  const isLost = typeof value === 'number' && !Number.isSafeInteger(value);
  return isLost && source !== undefined && integer.test(source) ? exact.rawJSON(source) : value;
}
