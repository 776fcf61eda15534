/**
 * Most output tokens that a model gives in one answer, as its vendor publishes it; the price dataset does not say.
 * Sources: platform.openai.com/docs/models, docs.anthropic.com/en/docs/about-claude/models,
 * ai.google.dev/gemini-api/docs/models. The longest prefix of the model's name decides.
 */
const published: readonly (readonly [prefix: string, tokens: number])[] = [
  ['gpt-3.5-turbo', 4096],
  ['gpt-4', 8192],
  ['gpt-4-turbo', 4096],
  ['gpt-4.1', 32768],
  ['gpt-4o', 16384],
  ['gpt-5', 128000],
  ['o1', 100000],
  ['o3', 100000],
  ['o4-mini', 100000],
  ['claude-3-haiku', 4096],
  ['claude-3-opus', 4096],
  ['claude-3-5', 8192],
  ['claude-3-7-sonnet', 64000],
  ['claude-haiku-4-5', 64000],
  ['claude-sonnet-4', 64000],
  ['claude-opus-4', 32000],
  ['claude-opus-4-5', 64000],
  ['gemini-1.5', 8192],
  ['gemini-2.0-flash', 8192],
  ['gemini-2.5', 65536],
  ['gemini-3', 65536],
];

/** Null where nothing is known: a call of such a model must name its own maximum. */
export function publishedMaxOutputTokens(model: string): number | null {
  let best: (typeof published)[number] | undefined;
  for (const entry of published) {
    if (model.startsWith(entry[0]) && (best === undefined || entry[0].length > best[0].length))
      best = entry;
  }
  return best?.[1] ?? null;
}
