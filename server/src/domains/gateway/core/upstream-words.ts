/** An upstream's refusal of a call that was converted: in its words, to be said in the caller's dialect. */
import type { CallRefusal } from './call-refusal.ts';
import { isRecord } from './json.ts';
import { refusals } from './refusals.ts';

const wordsMax = 1000;

/** Every dialect has its sentence in `error.message`. */
export function upstreamsWords({ status, body }: { status: number; body: Buffer }): CallRefusal {
  const message = messageOf(body.toString('utf8'));
  const kind = status === 413 ? 'too_large' : 'invalid_request';
  const { message: ours, code } = refusals.upstreamRefused;
  return { status, code, kind, message: message?.slice(0, wordsMax) ?? ours };
}

function messageOf(json: string): string | undefined {
  try {
    const parsed: unknown = JSON.parse(json);
    const error = isRecord(parsed) && isRecord(parsed.error) ? parsed.error : {};
    return typeof error.message === 'string' && error.message !== '' ? error.message : undefined;
  } catch {
    return undefined;
  }
}
