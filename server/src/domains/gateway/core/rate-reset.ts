/** For how long an upstream asks to be left alone, in the headers of OpenAI, Anthropic and those who follow them. */

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** Milliseconds; undefined where it says nothing that can be read. */
export function readRateReset(headers: Headers, nowMs: number): number | undefined {
  const exact = textOf(headers['retry-after-ms']) ?? '';
  if (/^\d{1,12}(\.\d+)?$/.test(exact)) return Number(exact);
  return readRetryAfter(textOf(headers['retry-after']), nowMs) ?? readResets(headers, nowMs);
}

/** Seconds or a date: https://www.rfc-editor.org/rfc/rfc9110#field.retry-after */
export function readRetryAfter(text: string | undefined, nowMs: number): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,9}(\.\d+)?$/.test(text)) return Number(text) * 1000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs);
}

/** `x-ratelimit-reset-tokens` and `anthropic-ratelimit-tokens-reset`, each beside its `…remaining…`. */
const resetName = /^(x-ratelimit-|anthropic-ratelimit-)(?:reset-[a-z-]+|[a-z-]+-reset)$/;

/** A limit of which nothing remains tells when it does again; of several, the last. Otherwise the first to come. */
function readResets(headers: Headers, nowMs: number): number | undefined {
  const used: number[] = [];
  const open: number[] = [];
  for (const name of Object.keys(headers)) {
    if (!resetName.test(name)) continue;
    const text = textOf(headers[name]) ?? '';
    const ms = readDuration(text) ?? readRetryAfter(text, nowMs);
    if (ms === undefined) continue;
    const isUsed = textOf(headers[name.replace('reset', 'remaining')]) === '0';
    (isUsed ? used : open).push(ms);
  }
  if (used.length > 0) return Math.max(...used);
  return open.length > 0 ? Math.min(...open) : undefined;
}

const unitsMs: Record<string, number> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };

/** Such as `6m0s`, `1.5s` or `20ms`. */
function readDuration(text: string): number | undefined {
  if (!/^(?:\d{1,9}(?:\.\d+)?(?:h|ms|m|s))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, count, unit = ''] of text.matchAll(/([\d.]+)(h|ms|m|s)/g)) {
    total += Number(count) * (unitsMs[unit] ?? 0);
  }
  return Math.ceil(total);
}

function textOf(header: string | string[] | undefined): string | undefined {
  return typeof header === 'object' ? header[0] : header;
}
