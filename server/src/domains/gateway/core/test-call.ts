/** The call by which a channel is tested, in each dialect, and what to do about how it ended. */
import type { FailureReason } from '@sluice/contract/gateway';
import type { Dialect } from './dialect.ts';
import { isRecord } from './json.ts';

export interface TestCall {
  /** As `surfaces.ts` knows it. */
  surface: string;
  path: string;
  headers: Readonly<Record<string, string>>;
  body: object;
}

const outputTokensMax = 16;
const question = 'Reply with OK.';
const messages = [{ role: 'user', content: question }];

/** `limitField`: newer models of OpenAI know the limit by another name only. */
export function testCallOf(
  dialect: Dialect,
  model: string,
  limitField: 'max_tokens' | 'max_completion_tokens' = 'max_tokens',
): TestCall {
  if (dialect === 'anthropic') {
    return {
      surface: 'anthropic.messages',
      path: '/v1/messages',
      headers: { 'anthropic-version': '2023-06-01' },
      body: { model, max_tokens: outputTokensMax, stream: true, messages },
    };
  }
  if (dialect === 'gemini') {
    return {
      surface: 'gemini.generate_content',
      path: `/v1beta/models/${encodeURIComponent(model)}:streamGenerateContent?alt=sse`,
      headers: {},
      body: {
        contents: [{ role: 'user', parts: [{ text: question }] }],
        generationConfig: { maxOutputTokens: outputTokensMax },
      },
    };
  }
  const usage = { stream: true, stream_options: { include_usage: true } };
  return {
    surface: 'openai.chat',
    path: '/chat/completions',
    headers: {},
    body: { model, messages, [limitField]: outputTokensMax, ...usage },
  };
}

/** Where an upstream lists its models. */
export const modelListPaths: Record<Dialect, string> = {
  openai: '/models',
  anthropic: '/v1/models?limit=1000',
  gemini: '/v1beta/models?pageSize=1000',
};

/** Names of the models in an upstream's list; undefined where it is none. */
export function readModelList(body: string): string[] | undefined {
  const parsed = parse(body);
  if (!isRecord(parsed)) return undefined;
  const list = parsed.data ?? parsed.models;
  if (!Array.isArray(list)) return undefined;
  const names = list.filter(isRecord).flatMap(({ id, name }) => {
    const known = typeof id === 'string' ? id : name;
    return typeof known === 'string' && known !== '' ? [known.replace(/^models\//, '')] : [];
  });
  return [...new Set(names)].sort();
}

const wordsMax = 500;

/** The upstream's own words, without the channel's key should they repeat it. */
export function wordsOf(body: string, apiKey: string): string | null {
  const whole = parse(body);
  const parsed = Array.isArray(whole) ? whole[0] : whole;
  const error = isRecord(parsed) ? (parsed.error ?? parsed) : undefined;
  const message = isRecord(error) ? error.message : error;
  const text = typeof message === 'string' ? message : body.trim();
  return text === '' ? null : text.replaceAll(apiKey, '…').slice(0, wordsMax);
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** What to do, for whoever looks after the channel. */
export const advice: Record<FailureReason, string> = {
  key_refused: 'The upstream refused the key: give the channel a valid one.',
  no_credit: 'The upstream account is out of credit: top it up there.',
  not_permitted:
    'The upstream does not permit this key to do that: check its permissions and region there.',
  model_unknown:
    'The upstream does not know this model: check its name, or give it an alias to the upstream’s name.',
  model_not_permitted: 'The upstream does not give this key access to the model: enable it there.',
  rate_limited: 'The upstream takes no more calls at the moment: wait, or raise the limit there.',
  overloaded: 'The upstream is overloaded: wait, or add another channel.',
  request_refused: 'The upstream refused the call: read what it says, and check dialect and model.',
  not_found: 'There is nothing at this address: check the base URL and the dialect.',
  upstream_error: 'The upstream failed: try again, or look at its status page.',
  timeout: 'The upstream did not answer in time: try again, or check the address.',
  unreachable:
    'Nobody answers at this address: check host and port, and that we may connect there.',
  tls: 'The connection could not be secured: check the certificate of the address.',
  proxy_failed: 'The proxy could not be used: check its address, name and password.',
  broken: 'The connection broke: check the address, and whether something in between cuts it.',
  bad_answer: 'What came is no answer of this dialect: check the base URL and the dialect.',
};
