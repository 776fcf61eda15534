/** Anthropic's dialect: messages, and counting what they would read. */
import type { Surface } from '../dialect.ts';
import { answerText, readAnswer, readDelivered } from './answer.ts';
import { countInput } from './count.ts';
import { readCountRequest, readMessagesRequest } from './request.ts';
import { MessageStreamReader } from './stream.ts';

export { anthropicSpeech } from './speech.ts';

/** `POST /v1/messages` */
export const messages: Surface = {
  name: 'anthropic.messages',
  dialect: 'anthropic',
  isBilled: true,
  readRequest: readMessagesRequest,
  readAnswer,
  openStream: () => new MessageStreamReader(),
  readDelivered,
  answerText,
  countInput,
};

/** `POST /v1/messages/count_tokens`: costs nothing. */
export const countTokens: Surface = {
  ...messages,
  name: 'anthropic.count_tokens',
  isBilled: false,
  readRequest: readCountRequest,
  describeCount: (tokens) => JSON.stringify({ input_tokens: tokens }),
};
