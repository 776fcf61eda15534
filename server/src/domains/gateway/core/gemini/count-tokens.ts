/** `:countTokens`, which costs nothing: https://ai.google.dev/api/tokens */

import { decided, isRefused, type Judged } from '../body.ts';
import type { CallAddress, CallRequest, Surface } from '../dialect.ts';
import { type Member, parseMember } from '../json-members.ts';
import { readGeminiAnswer } from './answer.ts';
import { judgeContents } from './content.ts';
import { fieldNames, listOf, scanFields } from './field-names.ts';
import {
  pathOf,
  readModel,
  readNamedAgain,
  refuseOfAccount,
  renameEdits,
} from './generate-request.ts';
import { GenerateStream } from './generate-stream.ts';
import { parsesToNull } from './generation-config.ts';
import { countInput } from './input-tokens.ts';
import { answerText, readDelivered } from './text.ts';

export const countTokens: Surface = {
  name: 'gemini.count_tokens',
  dialect: 'gemini',
  isBilled: false,
  readRequest: (body, address) => decided(judge(body, address)),
  readAnswer: readGeminiAnswer,
  openStream: () => new GenerateStream(),
  readDelivered,
  answerText,
  countInput,
  describeCount: (tokens) => JSON.stringify({ totalTokens: tokens }),
};

const bodyFields = fieldNames(['contents', 'generateContentRequest']);
/** What would be asked, as it may be counted with its instructions and tools. */
const askedFields = fieldNames(['model', 'contents', 'systemInstruction', 'cachedContent']);

function judge(bytes: Buffer, address: CallAddress): Judged<CallRequest> {
  const named = readModel(address);
  if (isRefused(named)) return named;
  const scanned = scanFields(bytes, bodyFields);
  if (isRefused(scanned)) return scanned;
  const refused = refuseForeign(bytes, scanned.members.get('contents'));
  if (refused) return refused;
  const asked = readAsked(bytes, scanned.members.get('generateContentRequest'), named.model);
  if (isRefused(asked)) return asked;
  return {
    ...named,
    isStream: false,
    wantsUsage: false,
    maxOutputTokens: undefined,
    extraOutputTokens: 0,
    choices: 1,
    extraInputTokens: 0,
    uses: {},
    serviceTier: undefined,
    affinity: undefined,
    target: (name) => ({
      path: pathOf(name, 'countTokens'),
      edits: renameEdits(asked.modelAt, name),
      headers: {},
    }),
  };
}

/** Files of an account cannot be counted at another either. */
function refuseForeign(bytes: Buffer, member: Member | undefined) {
  if (member === undefined) return undefined;
  const judged = judgeContents(listOf(parseMember(bytes, member)));
  return isRefused(judged) ? judged : undefined;
}

function readAsked(
  bytes: Buffer,
  member: Member | undefined,
  model: string,
): Judged<{ modelAt: Member | undefined }> {
  if (member === undefined || parsesToNull(bytes, member)) return { modelAt: undefined };
  const inner = bytes.subarray(member.start, member.end);
  const scanned = scanFields(inner, askedFields);
  if (isRefused(scanned)) return scanned;
  const cached = scanned.members.get('cachedContent');
  if (cached && !parsesToNull(inner, cached)) return refuseOfAccount('cachedContent');
  for (const name of ['contents', 'systemInstruction']) {
    const refused = refuseForeign(inner, scanned.members.get(name));
    if (refused) return refused;
  }
  const again = readNamedAgain({ bytes: inner, members: scanned.members }, model);
  if (isRefused(again) || again.modelAt === undefined) return again;
  const { name, start, end } = again.modelAt;
  return { modelAt: { name, start: member.start + start, end: member.start + end } };
}
