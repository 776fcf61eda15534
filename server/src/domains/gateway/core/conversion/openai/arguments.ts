/** Arguments of a call as text, which models write and which need not be JSON. */
import { isRecord } from '../../json.ts';
import type { CallPart } from '../conversation.ts';
import { parseExactly } from '../exact-json.ts';

/** No text at all is how models call a tool without arguments. */
export function readArguments(text: string): CallPart['input'] {
  if (text.trim() === '') return {};
  try {
    const input = parseExactly(text);
    return isRecord(input) ? input : text;
  } catch {
    return text;
  }
}

export function writeArguments(input: CallPart['input']): string {
  return typeof input === 'string' ? input : JSON.stringify(input);
}
