/** Reads tools and the choice among them. */
import type { Tool, ToolChoice } from '../conversation.ts';
import {
  allowOnly,
  allowValues,
  join,
  optionalRecord,
  optionalText,
  readRecord,
  readText,
  readTexts,
  readWord,
  refuse,
} from '../fields.ts';
import { camelCased, listOf } from './names.ts';
import { jsonSchemaOf } from './schema.ts';

const modes = ['MODE_UNSPECIFIED', 'AUTO', 'ANY', 'NONE', 'VALIDATED'] as const;

export function readTools(
  values: readonly unknown[],
  config: unknown,
): { tools: Tool[]; toolChoice: ToolChoice | undefined } {
  const { mode, names } = readConfig(config);
  const isStrict = mode === 'VALIDATED' ? true : undefined;
  const tools = values.flatMap((value, index) =>
    readDeclarations(value, isStrict, `tools.${index}`),
  );
  return { tools, toolChoice: choiceOf(mode, names) };
}

function choiceOf(
  mode: (typeof modes)[number],
  names: readonly string[] | undefined,
): ToolChoice | undefined {
  if (mode === 'ANY') return { mode: 'any', names };
  if (mode === 'NONE') return { mode: 'none', names: undefined };
  return mode === 'MODE_UNSPECIFIED' ? undefined : { mode: 'auto', names };
}

function readConfig(value: unknown): { mode: (typeof modes)[number]; names: string[] | undefined } {
  if (value === undefined || value === null) return { mode: 'MODE_UNSPECIFIED', names: undefined };
  const config = camelCased(readRecord(value, 'toolConfig'), 'toolConfig');
  allowOnly(config, new Set(['functionCallingConfig']), 'toolConfig');
  const at = 'toolConfig.functionCallingConfig';
  const calling = camelCased(
    optionalRecord(config, 'functionCallingConfig', 'toolConfig') ?? {},
    at,
  );
  allowOnly(calling, new Set(['mode', 'allowedFunctionNames', 'streamFunctionCallArguments']), at);
  allowValues(calling, 'streamFunctionCallArguments', (one) => one === false, at);
  const word = optionalText(calling, 'mode', at)?.toUpperCase() ?? 'MODE_UNSPECIFIED';
  const mode = readWord(word, modes, join(at, 'mode'));
  const names = readTexts(listOf(calling.allowedFunctionNames), join(at, 'allowedFunctionNames'));
  return { mode, names: names.length === 0 ? undefined : names };
}

const declarationFields = new Set([
  ...['name', 'description', 'parameters', 'parametersJsonSchema', 'behavior'],
]);

function readDeclarations(value: unknown, isStrict: true | undefined, at: string): Tool[] {
  const tool = camelCased(readRecord(value, at), at);
  // All others are run by the vendor.
  allowOnly(tool, new Set(['functionDeclarations']), at);
  return listOf(tool.functionDeclarations).map((one, index) => {
    const functionAt = join(at, `functionDeclarations.${index}`);
    const declared = camelCased(readRecord(one, functionAt), functionAt);
    allowOnly(declared, declarationFields, functionAt);
    allowValues(declared, 'behavior', (behavior) => behavior === 'BLOCKING', functionAt);
    const openApi = optionalRecord(declared, 'parameters', functionAt);
    const schema = optionalRecord(declared, 'parametersJsonSchema', functionAt);
    if (openApi && schema) refuse(functionAt, 'Give "parametersJsonSchema" alone.');
    return {
      name: readText(declared.name, join(functionAt, 'name')),
      description: optionalText(declared, 'description', functionAt),
      schema: openApi ? jsonSchemaOf(openApi, join(functionAt, 'parameters')) : schema,
      isStrict,
      at: functionAt,
    };
  });
}
