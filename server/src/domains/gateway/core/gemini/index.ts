/** Google's dialect. */
export { countTokens } from './count-tokens.ts';
export { generateContent } from './generate-content.ts';
export { geminiSpeech } from './speech.ts';
