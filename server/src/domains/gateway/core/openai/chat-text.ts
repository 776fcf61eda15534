/** What a model wrote, in the events and answers of chat completions. */
import type { DeliveredPart } from '../dialect.ts';
import { isRecord } from '../json.ts';
import { outputText } from '../output-text.ts';

export function readChatDelivered(data: string): DeliveredPart {
  let text = '';
  let isFinished = false;
  for (const choice of choicesOf(data)) {
    text += outputText(choice.delta);
    if (typeof choice.finish_reason === 'string') isFinished = true;
  }
  return { text, isFinished };
}

function choicesOf(json: string): Record<string, unknown>[] {
  try {
    const chunk: unknown = JSON.parse(json);
    return isRecord(chunk) && Array.isArray(chunk.choices) ? chunk.choices.filter(isRecord) : [];
  } catch {
    // Half an event, or none of ours: nothing in it was output.
    return [];
  }
}

/** The text of a whole (not streamed) answer. */
export function chatAnswerText(json: string): string {
  return choicesOf(json)
    .map((choice) => outputText(choice.message))
    .join('');
}
