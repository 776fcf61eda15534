/** For tests: conversions by the names of the dialects. */
import { messages } from '../anthropic/index.ts';
import type { Conversion, Dialect, Surface } from '../dialect.ts';
import { generateContent } from '../gemini/index.ts';
import { chat } from '../openai/index.ts';
import { findConversion } from './index.ts';

export const surfaceOf: Readonly<Record<Dialect, Surface>> = {
  openai: chat,
  anthropic: messages,
  gemini: generateContent,
};

/** From the caller's dialect to the upstream's. */
export function conversionBetween(from: Dialect, to: Dialect): Conversion {
  const conversion = findConversion(surfaceOf[from], to);
  if (conversion === undefined) throw new Error(`There is no conversion from ${from} to ${to}.`);
  return conversion;
}
