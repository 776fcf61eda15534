/** Judges the tools of a call: functions run at the caller and are free, what runs at the vendor needs a price and a bound. */

import { isRefused, type Judged, refuse, refuseUnpriced } from '../body.ts';
import { isRecord } from '../json.ts';
import { fieldNames, listOf, readFields } from './field-names.ts';

const toolFields = fieldNames(['functionDeclarations', 'googleSearch', 'googleSearchRetrieval']);
const searchFields = fieldNames(['searchTypes']);

/** Input that what was found may add. */
export const foundTokensMax = 32_768;

export interface JudgedTools {
  uses: Readonly<Partial<Record<'search', number>>>;
  extraInputTokens: number;
}

const free: JudgedTools = { uses: {}, extraInputTokens: 0 };

/** `model` is as the caller names it. */
export function judgeTools(tools: unknown, model: string): Judged<JudgedTools> {
  let judged = free;
  for (const tool of listOf(tools)) {
    if (!isRecord(tool)) return refuse('Give "tools" as a list of objects.', 'tools');
    const read = readFields(tool, toolFields);
    if (isRefused(read)) return read;
    for (const [name, value] of read.fields) {
      if (name === 'functionDeclarations') continue;
      if (!toolFields.spelled.has(name)) return refuseUnpriced(name.slice(0, 50), 'tools');
      const search = judgeSearch(value, model);
      if (isRefused(search)) return search;
      judged = search;
    }
  }
  return judged;
}

/**
 * Google bills a call of these models once when it searched, however often it did. Newer models are billed for every
 * search, and nothing limits how many they make. https://ai.google.dev/gemini-api/docs/google-search#pricing
 */
const billedByCall = /^gemini-[12]\./;

export function isSearchBilledByCall(model: string): boolean {
  return billedByCall.test(model);
}

function judgeSearch(search: unknown, model: string): Judged<JudgedTools> {
  const read = readFields(isRecord(search) ? search : {}, searchFields);
  if (isRefused(read)) return read;
  if (read.fields.has('searchTypes')) return refuseUnpriced('googleSearch.searchTypes', 'tools');
  if (!isSearchBilledByCall(model)) {
    const message = `Every search of "${model.slice(0, 100)}" is billed, and nothing limits them: leave "googleSearch" out, or use a model that is billed once per call.`;
    return refuse(message, 'tools', 'unsupported_parameter');
  }
  return { uses: { search: 1 }, extraInputTokens: foundTokensMax };
}
