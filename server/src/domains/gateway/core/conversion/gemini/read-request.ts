/** Reads a request to generate content: https://ai.google.dev/api/generate-content */
import type {
  Conversation,
  FieldNames,
  OutputFormat,
  TextPart,
  ThinkingWish,
} from '../conversation.ts';
import { droppedFields } from '../dropped.ts';
import {
  allowOnly,
  allowValues,
  type Json,
  join,
  optionalFlag,
  optionalNumber,
  optionalRecord,
  optionalText,
  readRecord,
  readText,
  readTexts,
  readWord,
  refuse,
  refuseUncarried,
} from '../fields.ts';
import { camelCased, listOf } from './names.ts';
import { readContents } from './read-contents.ts';
import { readTools } from './read-tools.ts';
import { jsonSchemaOf } from './schema.ts';

const config = 'generationConfig';

export const geminiNames: FieldNames = {
  temperature: `${config}.temperature`,
  topP: `${config}.topP`,
  topK: `${config}.topK`,
  frequencyPenalty: `${config}.frequencyPenalty`,
  presencePenalty: `${config}.presencePenalty`,
  seed: `${config}.seed`,
  toolChoice: 'toolConfig.functionCallingConfig',
  mayCallInParallel: 'toolConfig',
  choices: `${config}.candidateCount`,
  maxOutputTokens: `${config}.maxOutputTokens`,
  stopSequences: `${config}.stopSequences`,
  output: `${config}.responseMimeType`,
  thinking: `${config}.thinkingConfig`,
  turns: 'contents',
};

const fields = new Set([
  ...['model', 'contents', 'systemInstruction', 'tools', 'toolConfig', 'generationConfig'],
  ...['safetySettings', 'serviceTier', 'store'],
  ...droppedFields('gemini'),
]);
const configFields = new Set([
  ...['temperature', 'topP', 'topK', 'frequencyPenalty', 'presencePenalty', 'seed'],
  ...['candidateCount', 'maxOutputTokens', 'stopSequences', 'thinkingConfig', 'responseMimeType'],
  ...['responseSchema', 'responseJsonSchema', 'responseModalities', 'responseLogprobs'],
]);

export function readGeminiRequest(given: Json, isStream: boolean): Conversation {
  const body = camelCased(given, '');
  allowOnly(body, fields, '');
  allowValues(body, 'serviceTier', (value) => /^(unspecified|standard)$/i.test(String(value)), '');
  allowValues(body, 'store', (value) => value === false, '');
  refuseFilters(listOf(body.safetySettings));
  const options = camelCased(optionalRecord(body, config, '') ?? {}, config);
  allowOnly(options, configFields, config);
  allowValues(options, 'responseModalities', isTextOnly, config);
  allowValues(options, 'responseLogprobs', (value) => value === false, config);
  return {
    system: readSystem(body.systemInstruction),
    turns: readContents(listOf(body.contents)),
    ...readTools(listOf(body.tools), body.toolConfig),
    mayCallInParallel: undefined,
    choices: optionalNumber(options, 'candidateCount', config) ?? 1,
    maxOutputTokens: optionalNumber(options, 'maxOutputTokens', config),
    sampling: readSampling(options),
    stopSequences: readTexts(listOf(options.stopSequences), `${config}.stopSequences`),
    output: readOutput(options),
    thinking: readThinking(options),
    isStream,
    names: geminiNames,
  };
}

function isTextOnly(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => one === 'TEXT');
}

/** The others have no such filters to switch off; filters to switch on cannot be asked of them. */
function refuseFilters(settings: readonly unknown[]): void {
  for (const [index, value] of settings.entries()) {
    const at = `safetySettings.${index}`;
    const { threshold } = readRecord(value, at);
    if (threshold !== 'BLOCK_NONE' && threshold !== 'OFF') refuseUncarried(join(at, 'threshold'));
  }
}

function readSystem(value: unknown): TextPart[] {
  const at = 'systemInstruction';
  if (value === undefined || value === null) return [];
  const content = readRecord(value, at);
  allowOnly(content, new Set(['role', 'parts']), at);
  const parts: TextPart[] = [];
  for (const [index, one] of listOf(content.parts).entries()) {
    const partAt = join(at, `parts.${index}`);
    const part = camelCased(readRecord(one, partAt), partAt);
    allowOnly(part, new Set(['text']), partAt);
    const text = readText(part.text, join(partAt, 'text'));
    if (text !== '') parts.push({ kind: 'text', text, at: partAt });
  }
  return parts;
}

function readSampling(options: Json): Conversation['sampling'] {
  const sampling: { -readonly [Name in keyof Conversation['sampling']]: number } = {};
  for (const name of [
    ...(['temperature', 'topP', 'topK'] as const),
    ...(['frequencyPenalty', 'presencePenalty', 'seed'] as const),
  ]) {
    const value = optionalNumber(options, name, config);
    if (value !== undefined) sampling[name] = value;
  }
  return sampling;
}

function readOutput(options: Json): OutputFormat | undefined {
  const type = optionalText(options, 'responseMimeType', config);
  const openApi = optionalRecord(options, 'responseSchema', config);
  const schema = optionalRecord(options, 'responseJsonSchema', config);
  if (openApi && schema) refuse(`${config}.responseSchema`, 'Give "responseJsonSchema" alone.');
  if (type === undefined || type === 'text/plain') {
    if (openApi || schema) refuse(`${config}.responseMimeType`, 'Ask for "application/json".');
    return undefined;
  }
  if (type !== 'application/json') refuseUncarried(`${config}.responseMimeType`);
  const described = openApi ? jsonSchemaOf(openApi, `${config}.responseSchema`) : schema;
  if (described === undefined) return { kind: 'json' };
  return { kind: 'schema', schema: described, name: undefined, description: undefined };
}

const levels = ['minimal', 'low', 'medium', 'high'] as const;

function readThinking(options: Json): ThinkingWish | undefined {
  const at = `${config}.thinkingConfig`;
  const given = optionalRecord(options, 'thinkingConfig', config);
  if (given === undefined) return undefined;
  const wish = camelCased(given, at);
  allowOnly(wish, new Set(['includeThoughts', 'thinkingBudget', 'thinkingLevel']), at);
  const isShown = optionalFlag(wish, 'includeThoughts', at) ?? false;
  const tokens = optionalNumber(wish, 'thinkingBudget', at);
  const level = optionalText(wish, 'thinkingLevel', at)?.toLowerCase();
  if (level !== undefined && level !== 'thinking_level_unspecified') {
    if (tokens !== undefined) refuse(at, 'Give either a level or a budget of thinking.');
    const effort = readWord(level, levels, join(at, 'thinkingLevel'));
    return { depth: { kind: 'effort', effort }, isShown };
  }
  if (tokens === undefined || tokens === -1) return { depth: { kind: 'dynamic' }, isShown };
  if (tokens === 0) return { depth: { kind: 'off' }, isShown: undefined };
  return { depth: { kind: 'budget', tokens }, isShown };
}
