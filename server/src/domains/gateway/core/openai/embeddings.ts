/** Embeddings: input without output. https://platform.openai.com/docs/api-reference/embeddings */

import {
  type Body,
  decided,
  isRefused,
  type Judged,
  openBody,
  readField,
  readModel,
  refuse,
  refuseUnpriced,
  renameEdits,
} from '../body.ts';
import type { AnswerReport, CallDecision, CallRequest, Surface } from '../dialect.ts';
import { parseMember, scanMembers } from '../json-members.ts';
import { fieldsUnpriced } from './chat-request.ts';
import { ChatStream } from './chat-stream.ts';
import { countInputTokens } from './chat-tokens.ts';
import { readInputUsage } from './usage.ts';

const known = new Set<string>(['model', 'input', 'stream', 'user', ...fieldsUnpriced]);

export const embeddings: Surface = {
  name: 'openai.embeddings',
  dialect: 'openai',
  isBilled: true,
  readRequest,
  readAnswer,
  openStream: (call) => new ChatStream(call),
  readDelivered: () => ({ text: '', isFinished: false }),
  answerText: () => '',
  countInput: (body, count) => countInputTokens(body, count, ['input']),
};

function readRequest(bytes: Buffer): CallDecision {
  const body = openBody(bytes, known);
  return decided(isRefused(body) ? body : judge(body));
}

function judge(body: Body): Judged<CallRequest> {
  const model = readModel(body);
  if (isRefused(model)) return model;
  for (const name of fieldsUnpriced) {
    if (readField(body, name) !== null) return refuseUnpriced(name);
  }
  if (readField(body, 'stream')) return refuse('Embeddings are not streamed.', 'stream');
  const input = readField(body, 'input');
  if (typeof input !== 'string' && !isListOfInputs(input)) {
    const message = 'Send "input" as a text, a list of texts, or a list of tokens.';
    return refuse(message, 'input', 'invalid_type');
  }
  return {
    model: model.model,
    isStream: false,
    wantsUsage: false,
    maxOutputTokens: 0,
    extraOutputTokens: 0,
    choices: 1,
    extraInputTokens: 0,
    uses: {},
    serviceTier: undefined,
    affinity: undefined,
    target: (name) => ({ path: '/embeddings', edits: renameEdits(model, name), headers: {} }),
  };
}

/** Its vectors, which are most of it, are not looked into. */
function readAnswer(body: Buffer): AnswerReport {
  const members = scanMembers(body) ?? [];
  const usage = members.find(({ name }) => name === 'usage');
  return {
    usage: usage && readInputUsage(parseMember(body, usage)),
    isFailure: !members.some(({ name }) => name === 'data'),
  };
}

/** Texts, tokens, or lists of tokens: nothing else has a price that its bytes bound. */
function isListOfInputs(input: unknown): boolean {
  if (!Array.isArray(input) || input.length === 0) return false;
  return input.every((one) => typeof one === 'string' || Number.isInteger(one) || isTokens(one));
}

function isTokens(input: unknown): boolean {
  return Array.isArray(input) && input.every(Number.isInteger);
}
