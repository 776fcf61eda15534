/** Chat completions: https://platform.openai.com/docs/api-reference/chat */
import type { Surface } from '../dialect.ts';
import { readOpenAiAnswer } from './answer.ts';
import { readChatRequest } from './chat-request.ts';
import { ChatStream } from './chat-stream.ts';
import { chatAnswerText, readChatDelivered } from './chat-text.ts';
import { countChatTokens } from './chat-tokens.ts';

export const chat: Surface = {
  name: 'openai.chat',
  dialect: 'openai',
  isBilled: true,
  limitField: 'max_completion_tokens',
  readRequest: readChatRequest,
  readAnswer: (body) => readOpenAiAnswer(body, 'choices'),
  openStream: (call) => new ChatStream(call),
  readDelivered: readChatDelivered,
  answerText: chatAnswerText,
  countInput: countChatTokens,
};
