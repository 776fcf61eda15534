/** What is kept and shown of a notification: enough to look into it later, and nobody's secrets. */

const dropped = new Set([
  'authorization',
  'proxy-authorization',
  'cookie',
  'set-cookie',
  'x-api-key',
  'x-goog-api-key',
]);
const headersMax = 40;
/** Signatures are the longest that matter. */
const valueLengthMax = 2_000;

export function scrubHeaders(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string> {
  const kept = Object.entries(headers)
    .filter(([name, value]) => value !== undefined && !dropped.has(name.toLowerCase()))
    .slice(0, headersMax)
    .map(([name, value]) => [name.toLowerCase(), String(value).slice(0, valueLengthMax)] as const);
  return Object.fromEntries(kept);
}

const masked = '[secret]';
/** Shorter ones are found in innocent words. */
const secretLengthMin = 6;
const telling =
  /(["']?\b(?:[\w-]*(?:secret|password|passwd|token|api_?key|private_?key|cvc|cvv)|key|card_?number|pan)["']?\s*[:=]\s*)("(?:[^"\\]|\\.)*"|[^&\s,;"'}]+)/gi;

/** A text as people may see it: the provider's own secrets, and values whose names say that they are some, are masked. */
export function scrubText(text: string, secrets: readonly string[]): string {
  let scrubbed = text;
  for (const secret of secrets) {
    if (secret.length < secretLengthMin) continue;
    for (const form of [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]) {
      scrubbed = scrubbed.replaceAll(form, masked);
    }
  }
  return scrubbed.replace(telling, (_all, name: string, value: string) =>
    value.startsWith('"') ? `${name}"${masked}"` : `${name}${masked}`,
  );
}
