/** How many searches of a call are billed. https://ai.google.dev/gemini-api/docs/google-search#pricing */
import { isRecord } from '../json.ts';
import { isSearchBilledByCall } from './tools.ts';

/** Its absence in the bytes of an answer says that nothing was searched. */
export const searchesName = Buffer.from('"webSearchQueries"');

/** Collects what was searched for over the chunks of one answer. */
export class Searches {
  readonly #queries = new Set<string>();
  #isBilledByCall = false;

  /** Takes a parsed answer, or chunk of one. */
  add(answer: unknown): void {
    if (!isRecord(answer)) return;
    if (typeof answer.modelVersion === 'string') {
      this.#isBilledByCall = isSearchBilledByCall(answer.modelVersion);
    }
    for (const candidate of Array.isArray(answer.candidates) ? answer.candidates : []) {
      for (const query of queriesOf(candidate)) this.#queries.add(query);
    }
  }

  /** Empty queries are not billed, nor is the same one twice. */
  get count(): number {
    return this.#isBilledByCall ? Math.min(this.#queries.size, 1) : this.#queries.size;
  }
}

function queriesOf(candidate: unknown): string[] {
  if (!isRecord(candidate) || !isRecord(candidate.groundingMetadata)) return [];
  const { webSearchQueries } = candidate.groundingMetadata;
  if (!Array.isArray(webSearchQueries)) return [];
  return webSearchQueries.filter((query) => typeof query === 'string' && query !== '');
}
