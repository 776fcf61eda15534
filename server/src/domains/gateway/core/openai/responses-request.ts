/** Reads the body of a response: https://platform.openai.com/docs/api-reference/responses/create */

import {
  type Body,
  decided,
  isRefused,
  type Judged,
  maxTokensMax,
  openBody,
  readCount,
  readField,
  readIsStream,
  readModel,
  refuse,
  refuseUnpriced,
  renameEdits,
} from '../body.ts';
import type { CallDecision, CallRequest } from '../dialect.ts';
import type { Edit } from '../splice.ts';
import { judgeTools } from './chat-content.ts';
import { fieldsUnpriced, readAffinity } from './chat-request.ts';
import { judgeInput } from './responses-input.ts';
import { readServiceTier } from './service-tier.ts';

const fieldsRead = [
  'model',
  'input',
  'stream',
  'max_output_tokens',
  'tools',
  'store',
  'service_tier',
  'prompt_cache_key',
  'user',
  'modalities',
] as const;

/**
 * What lives on at the one account that made it: the next call may be put to another, which knows nothing of it, and
 * whoever may call that account could read it.
 */
const fieldsKept = [
  'previous_response_id',
  'conversation',
  'background',
  'prompt',
  'context_management',
];

const known = new Set<string>([...fieldsRead, ...fieldsKept, ...fieldsUnpriced]);

export function readResponsesRequest(bytes: Buffer): CallDecision {
  const body = openBody(bytes, known);
  return decided(isRefused(body) ? body : judge(body));
}

function judge(body: Body): Judged<CallRequest> {
  const barred = refuseKept(body) ?? refuseBought(body);
  if (barred) return barred;
  const store = readStore(body);
  if (isRefused(store)) return store;
  const model = readModel(body);
  if (isRefused(model)) return model;
  const stream = readIsStream(body);
  if (isRefused(stream)) return stream;
  const limit = readCount(body, 'max_output_tokens', maxTokensMax);
  if (isRefused(limit)) return limit;
  const tier = readServiceTier(body);
  if (isRefused(tier)) return tier;
  const input = judgeInput(body.bytes, body.members.get('input'));
  if (isRefused(input)) return input;
  const tools = judgeTools(body.bytes, body.members.get('tools'));
  if (tools) return tools;
  return {
    model: model.model,
    isStream: stream.isStream,
    // It is part of the event that ends the stream.
    wantsUsage: true,
    maxOutputTokens: limit.count,
    extraOutputTokens: 0,
    choices: 1,
    extraInputTokens: input.extraInputTokens,
    uses: {},
    serviceTier: tier.serviceTier,
    affinity: readAffinity(body),
    target: (name) => ({
      path: '/responses',
      edits: [...store.edits, ...renameEdits(model, name)],
      headers: {},
    }),
  };
}

function refuseKept(body: Body): ReturnType<typeof refuse> | undefined {
  for (const name of fieldsKept) {
    const value = readField(body, name);
    if (value !== null && value !== false) {
      const message = `Nothing is kept here between calls: leave "${name}" out, and send all of the input.`;
      return refuse(message, name, 'unsupported_parameter');
    }
  }
  return undefined;
}

function refuseBought(body: Body): ReturnType<typeof refuse> | undefined {
  for (const name of fieldsUnpriced) {
    if (readField(body, name) !== null) return refuseUnpriced(name);
  }
  return readField(body, 'modalities') === null ? undefined : refuseUnpriced('modalities');
}

/** Where a call does not say so, the vendor keeps its input and output for a month, in an account that is not the caller's. */
function readStore({ bytes, members }: Body): Judged<{ edits: readonly Edit[] }> {
  const member = members.get('store');
  if (member === undefined) {
    const start = bytes.indexOf('{') + 1;
    return { edits: [{ start, end: start, text: '"store":false,' }] };
  }
  const value = readField({ bytes, members }, 'store');
  if (value === false) return { edits: [] };
  if (value === null) {
    return { edits: [{ start: member.start, end: member.end, text: 'false' }] };
  }
  const message = 'Responses are not stored: leave "store" out, or send false.';
  return refuse(message, 'store', 'unsupported_parameter');
}
