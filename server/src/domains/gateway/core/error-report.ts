/** What the body of an upstream's error says of the channel, in the words of the three dialects. */
import { isRecord } from './json.ts';

export interface ErrorReport {
  isKeyRefused: boolean;
  isCreditGone: boolean;
  /** The upstream does not know or not allow this model; others go on. */
  isOfModel: boolean;
  /** It is about a file, a cache or an earlier answer that the caller named. */
  isOfCallersThing: boolean;
  /** It is about what the call says: moderation. */
  isOfContent: boolean;
  /** The call alone exceeds a rate of the account: smaller ones go on. */
  isTooLarge: boolean;
  /** For how long it asks to be left alone. */
  retryMs: number | undefined;
}

/** Errors are short; what is longer is not read. */
const reportBytesMax = 64 * 1024;

export function readErrorReport(body: Buffer, model?: string): ErrorReport {
  const error = errorOf(body);
  const code = textOf(error.code);
  const type = textOf(error.type);
  const message = textOf(error.message);
  const reasons = detailsOf(error).map(({ reason }) => textOf(reason));
  return {
    // Gemini answers a wrong key with 400.
    isKeyRefused: reasons.includes('API_KEY_INVALID') || code === 'invalid_api_key',
    isCreditGone:
      code === 'insufficient_quota' ||
      type === 'insufficient_quota' ||
      type === 'billing_error' ||
      // https://docs.claude.com/en/api/errors: the account's state comes as a mistake in the request
      message.startsWith('Your credit balance is too low'),
    isOfModel:
      code === 'model_not_found' ||
      message.startsWith('model: ') ||
      /^models\/\S+ is not found/.test(message) ||
      (model !== undefined && model !== '' && message.includes(model)),
    isOfCallersThing: /cached ?content|\bfiles?[ /_]|previous response/i.test(message),
    isOfContent: /moderat|flagged|content[ _]?(?:policy|filter)/i.test(`${code} ${message}`),
    isTooLarge: message.startsWith('Request too large'),
    retryMs: retryOf(error),
  };
}

/** https://github.com/googleapis/googleapis/blob/master/google/rpc/error_details.proto: RetryInfo */
function retryOf(error: Record<string, unknown>): number | undefined {
  for (const { retryDelay } of detailsOf(error)) {
    const match = /^(\d{1,9}(?:\.\d+)?)s$/.exec(textOf(retryDelay));
    if (match) return Math.ceil(Number(match[1]) * 1000);
  }
  return undefined;
}

/** The error of `{"error": …}`; Gemini's streams put it into an array. */
function errorOf(body: Buffer): Record<string, unknown> {
  if (body.length > reportBytesMax) return {};
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8'));
    const whole: unknown = Array.isArray(parsed) ? parsed[0] : parsed;
    return isRecord(whole) && isRecord(whole.error) ? whole.error : {};
  } catch {
    // Not JSON: the status has to do.
    return {};
  }
}

function detailsOf({ details }: Record<string, unknown>): Record<string, unknown>[] {
  return Array.isArray(details) ? details.filter(isRecord) : [];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
