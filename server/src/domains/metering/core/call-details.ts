/** What is known of some calls only: kept in one column, which is null for a plain call. */
import { formatMultiplier, multiplierOne, parseMultiplier } from '../../../platform/multiplier.ts';
import type { ServiceTier, Usage } from './usage.ts';

/** What a call pays for whose caller left before its end: the output that was delivered, or all that the upstream made. */
export type OnAbort = 'delivered' | 'drained';

/** Of a call whose caller left: which rule applied, and what it chose between. */
export interface Abort {
  onAbort: OnAbort;
  deliveredOutputTokens: number;
  /** What the upstream reported in the end; null where it reported nothing. */
  reportedOutputTokens: number | null;
}

/** What the one who settles knows, besides what every call has. */
export interface CallDetails {
  multiplierMillionths?: bigint;
  abort?: Abort;
  /** What the upstream charges by the channel's cost prices, in nano-units of the usage currency. */
  costNanos?: bigint;
  /** Of upstreams, where it was more than one. */
  attempts?: number;
  /** In which the caller spoke, where it was not the usual one. */
  dialect?: string;
  surface?: string;
  /** What the model was called upstream, where that was another name. */
  upstreamModel?: string;
}

/** As it is stored: only what applies. */
interface StoredDetails {
  cache_write_1h?: number;
  audio_input?: number;
  image_input?: number;
  audio_output?: number;
  image_output?: number;
  searches?: number;
  service_tier?: ServiceTier;
  /** Decimals are texts, for JSON's numbers are no decimals. */
  multiplier?: string;
  on_abort?: OnAbort;
  delivered_output?: number;
  reported_output?: number;
  cost?: string;
  attempts?: number;
  dialect?: string;
  surface?: string;
  upstream_model?: string;
}

/** Rows know counts only in their own columns; these parts of usage are kept with the details. */
export type UsageParts = Omit<
  Usage,
  | 'inputTokens'
  | 'cachedInputTokens'
  | 'cacheWriteTokens'
  | 'outputTokens'
  | 'reasoningTokens'
  | 'estimated'
>;

/** The column of a call; null for a plain one. */
export function writeDetails(usage: Usage, details: CallDetails | undefined): string | null {
  const stored: StoredDetails = {};
  if (usage.cacheWrite1hTokens) stored.cache_write_1h = usage.cacheWrite1hTokens;
  if (usage.audioInputTokens) stored.audio_input = usage.audioInputTokens;
  if (usage.imageInputTokens) stored.image_input = usage.imageInputTokens;
  if (usage.audioOutputTokens) stored.audio_output = usage.audioOutputTokens;
  if (usage.imageOutputTokens) stored.image_output = usage.imageOutputTokens;
  if (usage.searches) stored.searches = usage.searches;
  if (usage.serviceTier) stored.service_tier = usage.serviceTier;
  if (details) writeCall(stored, details);
  for (const _ in stored) return JSON.stringify(stored);
  return null;
}

function writeCall(stored: StoredDetails, details: CallDetails): void {
  const { multiplierMillionths = multiplierOne, abort, costNanos, attempts = 1 } = details;
  if (multiplierMillionths !== multiplierOne) {
    stored.multiplier = formatMultiplier(multiplierMillionths);
  }
  if (abort) {
    stored.on_abort = abort.onAbort;
    stored.delivered_output = abort.deliveredOutputTokens;
    if (abort.reportedOutputTokens !== null) stored.reported_output = abort.reportedOutputTokens;
  }
  if (costNanos !== undefined) stored.cost = String(costNanos);
  if (attempts > 1) stored.attempts = attempts;
  if (details.dialect) stored.dialect = details.dialect;
  if (details.surface) stored.surface = details.surface;
  if (details.upstreamModel) stored.upstream_model = details.upstreamModel;
}

export interface KeptDetails extends CallDetails {
  parts: UsageParts;
  multiplierMillionths: bigint;
  attempts: number;
}

/** What a row's column says. It was written here, so that anything else is a bug. */
export function readDetails(column: unknown): KeptDetails {
  const stored = (column ?? {}) as StoredDetails;
  return {
    parts: partsOf(stored),
    multiplierMillionths:
      stored.multiplier === undefined ? multiplierOne : parseMultiplier(stored.multiplier),
    attempts: stored.attempts ?? 1,
    ...(stored.on_abort && {
      abort: {
        onAbort: stored.on_abort,
        deliveredOutputTokens: stored.delivered_output ?? 0,
        reportedOutputTokens: stored.reported_output ?? null,
      },
    }),
    ...(stored.cost !== undefined && { costNanos: BigInt(stored.cost) }),
    ...(stored.dialect && { dialect: stored.dialect }),
    ...(stored.surface && { surface: stored.surface }),
    ...(stored.upstream_model && { upstreamModel: stored.upstream_model }),
  };
}

function partsOf(stored: StoredDetails): UsageParts {
  return {
    ...(stored.cache_write_1h && { cacheWrite1hTokens: stored.cache_write_1h }),
    ...(stored.audio_input && { audioInputTokens: stored.audio_input }),
    ...(stored.image_input && { imageInputTokens: stored.image_input }),
    ...(stored.audio_output && { audioOutputTokens: stored.audio_output }),
    ...(stored.image_output && { imageOutputTokens: stored.image_output }),
    ...(stored.searches && { searches: stored.searches }),
    ...(stored.service_tier && { serviceTier: stored.service_tier }),
  };
}
