/** `:generateContent` and `:streamGenerateContent`: https://ai.google.dev/api/generate-content */
import type { Surface } from '../dialect.ts';
import { readGeminiAnswer } from './answer.ts';
import { readGenerateRequest } from './generate-request.ts';
import { GenerateStream } from './generate-stream.ts';
import { countInput } from './input-tokens.ts';
import { answerText, readDelivered } from './text.ts';

export const generateContent: Surface = {
  name: 'gemini.generate_content',
  dialect: 'gemini',
  isBilled: true,
  limitField: 'generationConfig.maxOutputTokens',
  readRequest: readGenerateRequest,
  readAnswer: readGeminiAnswer,
  openStream: () => new GenerateStream(),
  readDelivered,
  answerText,
  countInput,
};
