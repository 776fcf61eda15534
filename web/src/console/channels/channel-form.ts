/** What the form of a channel asks for, and how that becomes what the server is told. */
import type { Answer, Request } from '../../api/call.ts';
import type { Pairs } from '../forms/PairsField.tsx';

export type Channel = Answer<'getChannel'>;
export type Dialect = Channel['dialect'];
type Body = Request<'createChannel'>['body'];
type Prices = Extract<NonNullable<Channel['cost']>, { prices: unknown }>['prices'];
type Table = Prices[string];

export interface CostRow {
  model: string;
  input: string;
  cached_input?: string | undefined;
  output: string;
}

export interface ChannelForm {
  name: string;
  dialect: Dialect;
  base_url: string;
  api_key?: string;
  models: string[];
  aliases: Pairs;
  weight: number | null;
  priority: number | null;
  concurrency: number | null;
  proxy_url?: string;
  removes_proxy?: boolean;
  cost_kind: 'unknown' | 'factor' | 'prices';
  factor?: string;
  cost_prices?: CostRow[];
}

export const usual: Pick<ChannelForm, 'concurrency' | 'aliases' | 'cost_kind'> & {
  weight: number;
  priority: number;
} = { weight: 1, priority: 0, concurrency: null, aliases: {}, cost_kind: 'unknown' };

/** Addresses that vendors have published. */
export const presets = {
  openai: { dialect: 'openai', base_url: 'https://api.openai.com/v1' },
  anthropic: { dialect: 'anthropic', base_url: 'https://api.anthropic.com/v1' },
  gemini: { dialect: 'gemini', base_url: 'https://generativelanguage.googleapis.com/v1beta' },
  deepseek: { dialect: 'openai', base_url: 'https://api.deepseek.com/v1' },
  dashscope: {
    dialect: 'openai',
    base_url: 'https://dashscope.aliyuncs.com/compatible-mode/v1',
  },
  dashscope_intl: {
    dialect: 'openai',
    base_url: 'https://dashscope-intl.aliyuncs.com/compatible-mode/v1',
  },
  zhipu: { dialect: 'openai', base_url: 'https://open.bigmodel.cn/api/paas/v4' },
  moonshot: { dialect: 'openai', base_url: 'https://api.moonshot.cn/v1' },
  moonshot_intl: { dialect: 'openai', base_url: 'https://api.moonshot.ai/v1' },
  openrouter: { dialect: 'openai', base_url: 'https://openrouter.ai/api/v1' },
} as const satisfies Record<string, { dialect: Dialect; base_url: string }>;
export type Preset = keyof typeof presets;

export function formOf(channel: Channel): Partial<ChannelForm> {
  const { name, dialect, base_url, models, aliases, weight, priority, concurrency, cost } = channel;
  const settings = { name, dialect, base_url, models, aliases, weight, priority, concurrency };
  if (cost === null) return { ...settings, cost_kind: 'unknown' };
  if ('factor' in cost) return { ...settings, cost_kind: 'factor', factor: cost.factor };
  const rows = Object.entries(cost.prices).map(([model, table]) => ({
    model,
    input: table.input,
    cached_input: table.cached_input,
    output: table.output,
  }));
  return { ...settings, cost_kind: 'prices', cost_prices: rows };
}

/** `before` keeps what the form does not ask for. */
export function toBody(form: ChannelForm, before?: Channel): Omit<Body, 'api_key' | 'dialect'> {
  const { name, base_url, models, aliases, weight, priority, concurrency } = form;
  const proxy = proxyOf(form);
  return {
    ...{ name, base_url, models, aliases, concurrency },
    weight: weight ?? usual.weight,
    priority: priority ?? usual.priority,
    cost: costOf(form, before?.cost ?? null),
    ...(proxy !== undefined && { proxy_url: proxy }),
  };
}

function proxyOf({ proxy_url, removes_proxy }: ChannelForm): string | null | undefined {
  if (removes_proxy) return null;
  return proxy_url?.trim() || undefined;
}

function costOf(form: ChannelForm, before: Channel['cost']): Body['cost'] {
  if (form.cost_kind === 'factor') return { factor: form.factor ?? '1' };
  if (form.cost_kind === 'unknown') return null;
  const known = before && 'prices' in before ? before.prices : {};
  const tables = (form.cost_prices ?? []).map(({ model, input, cached_input, output }) => {
    const { cached_input: _, ...kept } = known[model] ?? ({} as Table);
    const cached = cached_input ? { cached_input } : {};
    return [model, { ...kept, ...cached, input, output }] as const;
  });
  return { prices: Object.fromEntries(tables) };
}
