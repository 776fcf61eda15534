/** The call that both ways pay for: the same ids, the same rows, the same amounts. */
import { newId } from '../../server/src/platform/ids.ts';

export interface BenchCall {
  requestId: string;
  organizationId: string;
  at: Date;
}

/** One way of paying for calls. */
export interface Way {
  authorize(call: BenchCall): Promise<void>;
  settle(call: BenchCall): Promise<void>;
  close(): Promise<void>;
}

export const subject = {
  apiKeyId: 'key_01jd2m3z9k5q8w7x6v4t3r2s1p',
  userId: 'usr_01jd2m3z9k5q8w7x6v4t3r2s1p',
  model: 'gpt-4o-mini',
  priceId: 'mpr_01jd2m3z9k5q8w7x6v4t3r2s1p',
  channelId: 'chn_01jd2m3z9k5q8w7x6v4t3r2s1p',
};
export const worstCaseNanos = 10_000_000n;
export const tokensMost = 8_000;
export const costNanos = 1_234_567n;
export const usage = {
  inputTokens: 1_800,
  cachedInputTokens: 600,
  cacheWriteTokens: 0,
  outputTokens: 420,
  reasoningTokens: 0,
  estimated: false,
};
export const holdMs = 120_000;

export function nextCall(organizationId: string): BenchCall {
  const at = new Date();
  return { requestId: newId('req', at), organizationId, at };
}
