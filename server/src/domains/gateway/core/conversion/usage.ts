/**
 * The same tokens as each dialect counts them: OpenAI's and Gemini's input includes what came from a cache, Anthropic's
 * does not; Gemini's output excludes reasoning. Written from the figures that are billed, so that both say the same.
 */
import type { Usage } from '../../../metering/index.ts';

export function openaiUsage(usage: Usage) {
  return {
    prompt_tokens: usage.inputTokens,
    completion_tokens: usage.outputTokens,
    total_tokens: usage.inputTokens + usage.outputTokens,
    prompt_tokens_details: {
      cached_tokens: usage.cachedInputTokens,
      ...(usage.cacheWriteTokens > 0 && { cache_write_tokens: usage.cacheWriteTokens }),
      audio_tokens: usage.audioInputTokens ?? 0,
    },
    completion_tokens_details: {
      reasoning_tokens: usage.reasoningTokens,
      audio_tokens: usage.audioOutputTokens ?? 0,
    },
  };
}

export function anthropicUsage(usage: Usage) {
  const { inputTokens, cachedInputTokens, cacheWriteTokens, cacheWrite1hTokens = 0 } = usage;
  return {
    input_tokens: inputTokens - cachedInputTokens - cacheWriteTokens,
    cache_creation_input_tokens: cacheWriteTokens,
    cache_read_input_tokens: cachedInputTokens,
    cache_creation: {
      ephemeral_5m_input_tokens: cacheWriteTokens - cacheWrite1hTokens,
      ephemeral_1h_input_tokens: cacheWrite1hTokens,
    },
    output_tokens: usage.outputTokens,
    ...(usage.reasoningTokens > 0 && {
      output_tokens_details: { thinking_tokens: usage.reasoningTokens },
    }),
  };
}

export function geminiUsage(usage: Usage) {
  const { inputTokens, outputTokens, reasoningTokens, audioInputTokens } = usage;
  return {
    promptTokenCount: inputTokens,
    candidatesTokenCount: outputTokens - reasoningTokens,
    totalTokenCount: inputTokens + outputTokens,
    ...(usage.cachedInputTokens > 0 && { cachedContentTokenCount: usage.cachedInputTokens }),
    ...(reasoningTokens > 0 && { thoughtsTokenCount: reasoningTokens }),
    ...(audioInputTokens !== undefined && {
      promptTokensDetails: [
        { modality: 'TEXT', tokenCount: inputTokens - audioInputTokens },
        { modality: 'AUDIO', tokenCount: audioInputTokens },
      ],
    }),
  };
}
