/**
 * Rates as OpenAI tells them, and to callers of Anthropic's dialect as that does, too.
 * https://platform.openai.com/docs/guides/rate-limits https://platform.claude.com/docs/en/api/rate-limits#response-headers
 */
import type { Dialect } from './dialect.ts';

interface State {
  kind: string;
  limit: number;
  remaining: number;
  resetMs: number;
}

/** Of two limits of a kind the scarcer one is told. */
export function rateHeaders(
  states: readonly State[],
  to: { dialect: Dialect; now: Date },
): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const what of ['requests', 'tokens']) {
    const [state] = states
      .filter(({ kind }) => kind === `${what}_per_minute`)
      .sort((one, other) => one.remaining - other.remaining);
    if (!state) continue;
    headers[`x-ratelimit-limit-${what}`] = String(state.limit);
    headers[`x-ratelimit-remaining-${what}`] = String(state.remaining);
    headers[`x-ratelimit-reset-${what}`] = duration(state.resetMs);
    if (to.dialect !== 'anthropic') continue;
    const resetAt = new Date(to.now.getTime() + Math.ceil(state.resetMs));
    headers[`anthropic-ratelimit-${what}-limit`] = String(state.limit);
    headers[`anthropic-ratelimit-${what}-remaining`] = String(state.remaining);
    headers[`anthropic-ratelimit-${what}-reset`] = resetAt.toISOString();
  }
  return headers;
}

/** `12ms`, `1.5s`, `6m0s`. */
function duration(ms: number): string {
  const whole = Math.ceil(ms);
  if (whole < 1000) return `${whole}ms`;
  const minutes = Math.floor(whole / 60_000);
  const seconds = (whole - minutes * 60_000) / 1000;
  return minutes > 0 ? `${minutes}m${seconds}s` : `${seconds}s`;
}
