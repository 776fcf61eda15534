/** Responses: https://platform.openai.com/docs/api-reference/responses */
import type { AnswerReport, Surface } from '../dialect.ts';
import { isRecord } from '../json.ts';
import { parseMember, scanMembers } from '../json-members.ts';
import { countInputTokens } from './chat-tokens.ts';
import { readResponsesRequest } from './responses-request.ts';
import {
  ResponsesStream,
  readResponsesDelivered,
  responsesAnswerText,
} from './responses-stream.ts';
import { readUsage } from './usage.ts';

export const responses: Surface = {
  name: 'openai.responses',
  dialect: 'openai',
  isBilled: true,
  limitField: 'max_output_tokens',
  readRequest: readResponsesRequest,
  readAnswer,
  openStream: () => new ResponsesStream(),
  readDelivered: readResponsesDelivered,
  answerText: responsesAnswerText,
  countInput: (body, count) => countInputTokens(body, count, ['instructions', 'input']),
};

/** A response that failed has an error and a status that says so; its `error` is null otherwise. */
function readAnswer(body: Buffer): AnswerReport {
  const said: Record<string, unknown> = {};
  for (const member of scanMembers(body) ?? []) {
    const { name } = member;
    if (name === 'usage' || name === 'error' || name === 'status' || name === 'service_tier') {
      said[name] = parseMember(body, member);
    }
  }
  const isFailure = said.status === 'failed' || isRecord(said.error);
  return { usage: readUsage(said.usage, said.service_tier), isFailure };
}
