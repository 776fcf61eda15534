/** OpenAI's dialect. */
export { chat } from './chat.ts';
export { embeddings } from './embeddings.ts';
export { responses } from './responses.ts';
export { openaiSpeech } from './speech.ts';
