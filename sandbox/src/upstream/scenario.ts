/** How one call is bent: parsed from a short list such as `slow=200ms, tokens=50, break_after=3`. Pure. */
export interface Scenario {
  /** Before the first byte. */
  slowMs?: number;
  /** Between the events of a stream. */
  chunkDelayMs?: number;
  /** How long the answer is. */
  tokens?: number;
  reasoningTokens?: number;
  cachedTokens?: number;
  /** Written to the cache, for however long; and for an hour. */
  writtenTokens?: number;
  written1hTokens?: number;
  /** Why the answer ends, in the dialect's word. */
  stop?: string;
  /** The first function that the caller declared is called in place of an answer. */
  callsFunction?: boolean;
  /** How often the web was searched, where the caller allowed it. */
  searches?: number;
  /** After that many tokens the connection is destroyed, silence begins, or an error event ends the stream. */
  breakAfter?: number;
  hangAfter?: number;
  errorEventAfter?: number;
  /** Nothing is ever answered. */
  hang?: boolean;
  /** An error in place of an answer. */
  status?: number;
  retryAfterSeconds?: number;
  errorCode?: string;
  usage?: 'none' | 'zero' | ReportedUsage;
  /** A stream is written in pieces of that many bytes, wherever these cut an event. */
  splitBytes?: number;
}

/** What the answer claims to have used, whatever it says. */
export interface ReportedUsage {
  promptTokens: number;
  completionTokens: number;
  cachedTokens: number;
}

export type ScenarioParse = { ok: true; scenario: Scenario } | { ok: false; message: string };

export const TOKENS_MAX = 20_000;
const DELAY_MS_MAX = 600_000;

type Reader = (value: string) => Scenario | undefined;

const readers: Record<string, Reader> = {
  slow: duration((slowMs) => ({ slowMs })),
  chunk_delay: duration((chunkDelayMs) => ({ chunkDelayMs })),
  tokens: integer(0, TOKENS_MAX, (tokens) => ({ tokens })),
  reasoning: integer(0, TOKENS_MAX, (reasoningTokens) => ({ reasoningTokens })),
  cached: integer(0, Number.MAX_SAFE_INTEGER, (cachedTokens) => ({ cachedTokens })),
  written: integer(0, Number.MAX_SAFE_INTEGER, (writtenTokens) => ({ writtenTokens })),
  written_1h: integer(0, Number.MAX_SAFE_INTEGER, (written1hTokens) => ({ written1hTokens })),
  call: flag({ callsFunction: true }),
  searches: integer(0, 100, (searches) => ({ searches })),
  stop: (value) => (/^\w+$/.test(value) ? { stop: value } : undefined),
  break_after: integer(0, TOKENS_MAX, (breakAfter) => ({ breakAfter })),
  hang_after: integer(0, TOKENS_MAX, (hangAfter) => ({ hangAfter })),
  error_event_after: integer(0, TOKENS_MAX, (errorEventAfter) => ({ errorEventAfter })),
  hang: flag({ hang: true }),
  status: integer(400, 599, (status) => ({ status })),
  retry_after: integer(0, 86_400, (retryAfterSeconds) => ({ retryAfterSeconds })),
  code: (value) => (/^\w+$/.test(value) ? { errorCode: value } : undefined),
  no_usage: flag({ usage: 'none' }),
  zero_usage: flag({ usage: 'zero' }),
  usage: readUsage,
  split: integer(1, 65_536, (splitBytes) => ({ splitBytes })),
};

export function parseScenario(text: string): ScenarioParse {
  const scenario: Scenario = {};
  for (const word of text.split(',').map((part) => part.trim())) {
    if (word === '') continue;
    const [name = '', value = ''] = word.split('=', 2).map((part) => part.trim());
    const read = Object.hasOwn(readers, name) ? readers[name] : undefined;
    if (!read) return { ok: false, message: `The sandbox knows no scenario word \`${name}\`.` };
    const part = read(value);
    if (!part) return { ok: false, message: `The sandbox scenario cannot have \`${word}\`.` };
    Object.assign(scenario, part);
  }
  return { ok: true, scenario };
}

/** Milliseconds unless the number ends in `s`. */
function duration(build: (ms: number) => Scenario): Reader {
  return (value) => {
    const match = /^(\d+(?:\.\d+)?)(ms|s)?$/.exec(value);
    if (!match) return undefined;
    const ms = Math.round(Number(match[1]) * (match[2] === 's' ? 1_000 : 1));
    return ms <= DELAY_MS_MAX ? build(ms) : undefined;
  };
}

function integer(min: number, max: number, build: (count: number) => Scenario): Reader {
  return (value) => {
    const count = /^\d+$/.test(value) ? Number(value) : Number.NaN;
    return count >= min && count <= max ? build(count) : undefined;
  };
}

function flag(part: Scenario): Reader {
  return (value) => (value === '' ? part : undefined);
}

function readUsage(value: string): Scenario | undefined {
  const match = /^(\d{1,15})\/(\d{1,15})(?:\/(\d{1,15}))?$/.exec(value);
  if (!match) return undefined;
  const [promptTokens = 0, completionTokens = 0, cachedTokens = 0] = match
    .slice(1)
    .map((digits) => Number(digits ?? '0'));
  return { usage: { promptTokens, completionTokens, cachedTokens } };
}
