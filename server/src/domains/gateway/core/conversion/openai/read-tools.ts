/** Reads tools, the choice among them, and the form of the output. */
import type { OutputFormat, Tool, ToolChoice } from '../conversation.ts';
import {
  allowOnly,
  join,
  optionalFlag,
  optionalRecord,
  optionalText,
  readList,
  readRecord,
  readText,
  readWord,
  refuseUncarried,
} from '../fields.ts';

const functionFields = new Set(['name', 'description', 'parameters', 'strict']);

export function readTools(values: readonly unknown[]): Tool[] {
  return values.map((value, index) => {
    const at = join('tools', index);
    const tool = readRecord(value, at);
    if (tool.type !== 'function') refuseUncarried(join(at, 'type'), 'describe it as a function');
    allowOnly(tool, new Set(['type', 'function']), at);
    const functionAt = join(at, 'function');
    const described = readRecord(tool.function, functionAt);
    allowOnly(described, functionFields, functionAt);
    return {
      name: readText(described.name, join(functionAt, 'name')),
      description: optionalText(described, 'description', functionAt),
      schema: optionalRecord(described, 'parameters', functionAt),
      isStrict: optionalFlag(described, 'strict', functionAt),
      at,
    };
  });
}

const modes = { none: 'none', auto: 'auto', required: 'any' } as const;

export function readToolChoice(value: unknown): ToolChoice | undefined {
  const at = 'tool_choice';
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') {
    const mode = readWord(value, ['none', 'auto', 'required'], at);
    return { mode: modes[mode], names: undefined };
  }
  const choice = readRecord(value, at);
  if (choice.type === 'function') {
    allowOnly(choice, new Set(['type', 'function']), at);
    return { mode: 'any', names: [readName(choice, at)] };
  }
  if (choice.type !== 'allowed_tools') refuseUncarried(join(at, 'type'));
  allowOnly(choice, new Set(['type', 'allowed_tools']), at);
  const allowedAt = join(at, 'allowed_tools');
  const allowed = readRecord(choice.allowed_tools, allowedAt);
  allowOnly(allowed, new Set(['mode', 'tools']), allowedAt);
  const mode = readWord(allowed.mode, ['auto', 'required'], join(allowedAt, 'mode'));
  const names = readList(allowed.tools, join(allowedAt, 'tools')).map((tool, index) =>
    readName(tool, join(allowedAt, `tools.${index}`)),
  );
  return { mode: modes[mode], names };
}

function readName(value: unknown, at: string): string {
  const chosen = readRecord(value, at);
  readWord(chosen.type, ['function'], join(at, 'type'));
  const named = readRecord(chosen.function, join(at, 'function'));
  return readText(named.name, join(at, 'function.name'));
}

export function readOutput(value: unknown): OutputFormat | undefined {
  const at = 'response_format';
  if (value === undefined || value === null) return undefined;
  const format = readRecord(value, at);
  const type = readWord(format.type, ['text', 'json_object', 'json_schema'], join(at, 'type'));
  if (type === 'text') return undefined;
  if (type === 'json_object') return { kind: 'json' };
  allowOnly(format, new Set(['type', 'json_schema']), at);
  const schemaAt = join(at, 'json_schema');
  const described = readRecord(format.json_schema, schemaAt);
  // Without `strict` the schema is a wish; the others always keep to it, which is no less than was asked.
  allowOnly(described, new Set(['name', 'description', 'schema', 'strict']), schemaAt);
  return {
    kind: 'schema',
    schema: optionalRecord(described, 'schema', schemaAt) ?? {},
    name: optionalText(described, 'name', schemaAt),
    description: optionalText(described, 'description', schemaAt),
  };
}
