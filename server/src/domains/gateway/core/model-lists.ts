/** What can be called, in the shape of each vendor's list of models. */
import type { Dialect } from './dialect.ts';

/** What the price book says of a model. */
interface Offered {
  model: string;
  contextWindow: number | null;
  maxOutputTokens: number | null;
  effectiveFrom: Date;
}

export type Described = Readonly<Record<string, unknown>>;

export function describeModel(dialect: Dialect, offered: Offered): Described {
  return describers[dialect](offered);
}

export function describeModels(dialect: Dialect, offered: readonly Offered[]): Described {
  const data = offered.map(describers[dialect]);
  if (dialect === 'gemini') return { models: data };
  if (dialect === 'openai') return { object: 'list', data };
  const [first, last] = [offered.at(0), offered.at(-1)];
  return { data, has_more: false, first_id: first?.model ?? null, last_id: last?.model ?? null };
}

const describers: Record<Dialect, (offered: Offered) => Described> = {
  /** https://platform.openai.com/docs/api-reference/models/object */
  openai: ({ model, effectiveFrom }) => ({
    id: model,
    object: 'model',
    created: Math.floor(effectiveFrom.getTime() / 1000),
    owned_by: 'sluice',
  }),
  /** https://docs.anthropic.com/en/api/models-list */
  anthropic: ({ model, effectiveFrom }) => ({
    type: 'model',
    id: model,
    display_name: model,
    created_at: effectiveFrom.toISOString(),
  }),
  /** https://ai.google.dev/api/models#Model */
  gemini: ({ model, contextWindow, maxOutputTokens }) => ({
    name: `models/${model}`,
    baseModelId: model,
    version: '1',
    displayName: model,
    ...(contextWindow === null ? {} : { inputTokenLimit: contextWindow }),
    ...(maxOutputTokens === null ? {} : { outputTokenLimit: maxOutputTokens }),
    supportedGenerationMethods: ['generateContent', 'streamGenerateContent'],
  }),
};
