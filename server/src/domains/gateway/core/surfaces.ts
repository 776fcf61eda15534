/** Every surface there is, and the address of each. */
import { anthropicSpeech, countTokens as countMessages, messages } from './anthropic/index.ts';
import type { CallRefusal } from './call-refusal.ts';
import type { Dialect, DialectSpeech, Surface } from './dialect.ts';
import { countTokens, geminiSpeech, generateContent } from './gemini/index.ts';
import { chat, embeddings, openaiSpeech, responses } from './openai/index.ts';
import { refusals } from './refusals.ts';

/** What a path asks for. */
export interface Route {
  surface: Surface;
  /** Where the address says it. */
  model?: string;
  isStream?: boolean;
}

const routes: ReadonlyMap<string, Route> = new Map([
  ['/v1/chat/completions', { surface: chat }],
  ['/v1/responses', { surface: responses }],
  ['/v1/embeddings', { surface: embeddings }],
  ['/v1/messages', { surface: messages }],
  ['/v1/messages/count_tokens', { surface: countMessages }],
]);

/** What may stand behind a model's name in Google's dialect. */
const actions: ReadonlyMap<string, Omit<Route, 'model'>> = new Map([
  ['generateContent', { surface: generateContent, isStream: false }],
  ['streamGenerateContent', { surface: generateContent, isStream: true }],
  ['countTokens', { surface: countTokens }],
]);

const surfaces: ReadonlyMap<string, Surface> = new Map(
  [...routes.values(), ...actions.values()].map(({ surface }) => [surface.name, surface]),
);

/** Paths of calls, without those that name a model. */
export const callPaths: readonly string[] = [...routes.keys()];

type Query = Readonly<Record<string, string | string[] | undefined>>;

/** What a path asks for; undefined where it is none of ours. */
export function routeOf(path: string, query: Query): Route | { refusal: CallRefusal } | undefined {
  // An address stands in the logs of every server on its way.
  if (query.key !== undefined) return { refusal: refusals.keyInAddress };
  const route = routes.get(path) ?? modelRouteOf(path);
  if (route?.model !== undefined && route.isStream && query.alt !== 'sse') {
    return { refusal: refusals.streamIsList };
  }
  return route;
}

/** Google's SDKs ask for either version. */
const modelPath = /^\/v1(?:beta)?\/models\/([^:]+):(\w+)$/;

function modelRouteOf(path: string): Route | undefined {
  const [, encoded = '', action = ''] = modelPath.exec(path) ?? [];
  const asked = actions.get(action);
  const model = decode(encoded);
  return asked && model !== undefined ? { ...asked, model } : undefined;
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

export function surfaceNamed(name: string): Surface | undefined {
  return surfaces.get(name);
}

export const dialects: readonly Dialect[] = ['openai', 'anthropic', 'gemini'];

const speeches: Readonly<Record<Dialect, DialectSpeech>> = {
  openai: openaiSpeech,
  anthropic: anthropicSpeech,
  gemini: geminiSpeech,
};

export function speechOf(dialect: Dialect): DialectSpeech {
  return speeches[dialect];
}

/** The dialect in which a path is refused, whether there is something behind it or not. */
export function dialectOf(
  path: string,
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Dialect {
  if (path.startsWith('/v1beta') || modelPath.test(path) || headers['x-goog-api-key']) {
    return 'gemini';
  }
  if (path.startsWith('/v1/messages') || headers['anthropic-version'] !== undefined) {
    return 'anthropic';
  }
  return 'openai';
}
