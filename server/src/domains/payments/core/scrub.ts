/** What is kept of a notification's headers: enough to look into it later, and nobody's secrets. */

const dropped = new Set([
  'authorization',
  'proxy-authorization',
  'cookie',
  'set-cookie',
  'x-api-key',
  'x-goog-api-key',
]);
const headersMax = 40;
const valueLengthMax = 500;

export function scrubHeaders(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string> {
  const kept = Object.entries(headers)
    .filter(([name, value]) => value !== undefined && !dropped.has(name.toLowerCase()))
    .slice(0, headersMax)
    .map(([name, value]) => [name.toLowerCase(), String(value).slice(0, valueLengthMax)] as const);
  return Object.fromEntries(kept);
}
