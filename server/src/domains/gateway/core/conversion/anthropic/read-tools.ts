/** Reads tools, the choice among them, and the form of the output. */
import type { OutputFormat, Tool, ToolChoice } from '../conversation.ts';
import {
  allowOnly,
  allowValues,
  type Json,
  join,
  optionalFlag,
  optionalRecord,
  optionalText,
  readRecord,
  readText,
  readWord,
  refuse,
  refuseUncarried,
} from '../fields.ts';
import { readCacheMark } from './cache-marks.ts';

const toolFields = new Set([
  ...['type', 'name', 'description', 'input_schema', 'strict', 'cache_control'],
  ...['allowed_callers', 'defer_loading', 'eager_input_streaming'],
]);

export function readTools(values: readonly unknown[]): Tool[] {
  return values.map((value, index) => {
    const at = join('tools', index);
    const tool = readRecord(value, at);
    // Any other type is run by the vendor.
    if (tool.type !== undefined && tool.type !== null && tool.type !== 'custom') {
      refuseUncarried(join(at, 'type'));
    }
    allowOnly(tool, toolFields, at);
    allowValues(tool, 'defer_loading', (value) => value === false, at);
    allowValues(tool, 'allowed_callers', isDirectOnly, at);
    return {
      name: readText(tool.name, join(at, 'name')),
      description: optionalText(tool, 'description', at),
      schema: readRecord(tool.input_schema, join(at, 'input_schema')),
      isStrict: optionalFlag(tool, 'strict', at),
      at,
      ...readCacheMark(tool, at),
    };
  });
}

function isDirectOnly(value: unknown): boolean {
  return Array.isArray(value) && value.length === 1 && value[0] === 'direct';
}

export function readToolChoice(value: unknown): {
  choice: ToolChoice | undefined;
  mayCallInParallel: boolean | undefined;
} {
  const at = 'tool_choice';
  if (value === undefined || value === null) {
    return { choice: undefined, mayCallInParallel: undefined };
  }
  const read = readRecord(value, at);
  allowOnly(read, new Set(['type', 'name', 'disable_parallel_tool_use']), at);
  const type = readWord(read.type, ['auto', 'any', 'tool', 'none'], join(at, 'type'));
  const isOneAtATime = optionalFlag(read, 'disable_parallel_tool_use', at);
  return {
    choice:
      type === 'tool'
        ? { mode: 'any', names: [readText(read.name, join(at, 'name'))] }
        : { mode: type, names: undefined },
    mayCallInParallel: isOneAtATime === undefined ? undefined : !isOneAtATime,
  };
}

export function readOutput(body: Json): OutputFormat | undefined {
  const config = optionalRecord(body, 'output_config', '');
  if (config) allowOnly(config, new Set(['effort', 'format']), 'output_config');
  const current = config && optionalRecord(config, 'format', 'output_config');
  // As it was called at first: https://docs.claude.com/en/docs/build-with-claude/structured-outputs
  const former = optionalRecord(body, 'output_format', '');
  if (current && former) refuse('output_format', 'Give "output_config.format" alone.');
  const at = current ? 'output_config.format' : 'output_format';
  const format = current ?? former;
  if (format === undefined) return undefined;
  allowOnly(format, new Set(['type', 'schema']), at);
  readWord(format.type, ['json_schema'], join(at, 'type'));
  const schema = readRecord(format.schema, join(at, 'schema'));
  return { kind: 'schema', schema, name: undefined, description: undefined };
}
