/**
 * Usage as Gemini reports it: the prompt includes what was cached, the candidates exclude the thoughts, and what tools
 * gave the model to read is beside both. https://ai.google.dev/api/generate-content#UsageMetadata
 */
import type { ServiceTier, Usage } from '../../../metering/index.ts';
import { isRecord } from '../json.ts';

/** More tokens than any one call can have; a larger figure is a broken report, not a bill. */
const tokensMax = 100_000_000;

/** The reported usage, or undefined where there is none that can be billed. A count of zero may be left out. */
export function readUsage(reported: unknown): Usage | undefined {
  if (!isRecord(reported) || reported.promptTokenCount === undefined) return undefined;
  const prompt = tokens(reported.promptTokenCount);
  const candidates = tokens(reported.candidatesTokenCount);
  const thoughts = tokens(reported.thoughtsTokenCount);
  const found = tokens(reported.toolUsePromptTokenCount);
  if (prompt === undefined || candidates === undefined) return undefined;
  if (thoughts === undefined || found === undefined) return undefined;

  const inputTokens = prompt + found;
  const cachedInputTokens = Math.min(tokens(reported.cachedContentTokenCount) ?? 0, prompt);
  const fresh = inputTokens - cachedInputTokens;
  const heard = Math.min(freshOf(reported, 'AUDIO'), fresh);
  const seen = Math.min(freshOf(reported, 'IMAGE'), fresh - heard);
  const spoken = Math.min(countOf(reported.candidatesTokensDetails, 'AUDIO'), candidates);
  const drawn = Math.min(countOf(reported.candidatesTokensDetails, 'IMAGE'), candidates - spoken);
  const serviceTier = tierOf(reported);
  return {
    inputTokens,
    cachedInputTokens,
    cacheWriteTokens: 0,
    ...(heard > 0 && { audioInputTokens: heard }),
    ...(seen > 0 && { imageInputTokens: seen }),
    outputTokens: candidates + thoughts,
    reasoningTokens: thoughts,
    ...(spoken > 0 && { audioOutputTokens: spoken }),
    ...(drawn > 0 && { imageOutputTokens: drawn }),
    ...(serviceTier && { serviceTier }),
    estimated: false,
  };
}

/** Zero where it is left out, undefined where it is no count. */
function tokens(value: unknown): number | undefined {
  if (value === undefined || value === null) return 0;
  if (typeof value !== 'number' || !Number.isInteger(value)) return undefined;
  return value >= 0 && value <= tokensMax ? value : undefined;
}

/** Tokens of a modality that did not come from the cache. */
function freshOf(reported: Record<string, unknown>, modality: string): number {
  const all =
    countOf(reported.promptTokensDetails, modality) +
    countOf(reported.toolUsePromptTokensDetails, modality);
  return Math.max(0, all - countOf(reported.cacheTokensDetails, modality));
}

function countOf(details: unknown, modality: string): number {
  if (!Array.isArray(details)) return 0;
  let count = 0;
  for (const detail of details) {
    if (isRecord(detail) && detail.modality === modality) count += tokens(detail.tokenCount) ?? 0;
  }
  return count;
}

const tiers = new Map<unknown, ServiceTier>([
  ['flex', 'flex'],
  ['FLEX', 'flex'],
  ['SERVICE_TIER_FLEX', 'flex'],
  ['ON_DEMAND_FLEX', 'flex'],
  ['priority', 'priority'],
  ['PRIORITY', 'priority'],
  ['SERVICE_TIER_PRIORITY', 'priority'],
  ['ON_DEMAND_PRIORITY', 'priority'],
]);

/** The developer API says `serviceTier`, the enterprise platform `trafficType`. */
function tierOf({ serviceTier, trafficType }: Record<string, unknown>): ServiceTier | undefined {
  return tiers.get(serviceTier) ?? tiers.get(trafficType);
}
