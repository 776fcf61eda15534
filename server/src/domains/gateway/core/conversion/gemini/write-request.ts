/** Writes a request to generate content: https://ai.google.dev/api/generate-content */

import type { Conversation, OutputFormat } from '../conversation.ts';
import { describedSchema } from '../described-schema.ts';
import { refuseUncarried } from '../fields.ts';
import { asEffort, budgetOf, takesBudget } from '../thinking-depth.ts';
import { writeContents } from './write-contents.ts';

export function writeGeminiRequest(
  conversation: Conversation,
  target: { model: string; maxOutputTokens: number | undefined },
): string {
  const { names, sampling, stopSequences, system, tools, choices } = conversation;
  if (conversation.mayCallInParallel === false) refuseUncarried(names.mayCallInParallel);
  return JSON.stringify({
    contents: writeContents(conversation),
    ...(system.length > 0 && {
      systemInstruction: { parts: system.map(({ text }) => ({ text })) },
    }),
    ...(tools.length > 0 && { tools: [{ functionDeclarations: writeTools(conversation) }] }),
    ...writeToolConfig(conversation),
    generationConfig: {
      ...sampling,
      ...(choices > 1 && { candidateCount: choices }),
      maxOutputTokens: conversation.maxOutputTokens,
      ...(stopSequences.length > 0 && { stopSequences }),
      ...writeFormat(conversation.output),
      thinkingConfig: writeThinking(conversation, target.model),
    },
  });
}

function writeTools({ tools }: Conversation): object[] {
  return tools.map(({ name, description, schema }) => ({
    name,
    description,
    parametersJsonSchema: schema,
  }));
}

const modes = { auto: 'AUTO', any: 'ANY', none: 'NONE' } as const;

/** Gemini holds arguments to their schema when asked for it of all tools at once; `ANY` does so by itself. */
function writeToolConfig({ toolChoice, tools, names }: Conversation): object {
  const isStrict = tools.some((tool) => tool.isStrict);
  if (toolChoice === undefined && !isStrict) return {};
  const { mode, names: allowedFunctionNames } = toolChoice ?? { mode: 'auto', names: undefined };
  if (mode === 'auto' && allowedFunctionNames && !isStrict) {
    refuseUncarried(names.toolChoice, 'give only the tools that may be called');
  }
  const written = mode === 'auto' && isStrict ? 'VALIDATED' : modes[mode];
  return { toolConfig: { functionCallingConfig: { mode: written, allowedFunctionNames } } };
}

function writeFormat(output: OutputFormat | undefined): object {
  if (output === undefined) return {};
  if (output.kind === 'json') return { responseMimeType: 'application/json' };
  return { responseMimeType: 'application/json', responseJsonSchema: describedSchema(output) };
}

function writeThinking({ thinking, names }: Conversation, model: string): object | undefined {
  if (thinking === undefined) return undefined;
  const { depth, isShown } = thinking;
  const includeThoughts = isShown === true ? true : undefined;
  if (takesBudget(model))
    return { thinkingBudget: budgetFor(depth, names.thinking), includeThoughts };
  const word = asEffort(depth);
  if (word === 'none') refuseUncarried(names.thinking, 'this model always thinks: ask for little');
  if (word === 'xhigh' || word === 'max') refuseUncarried(names.thinking, 'ask for "high" at most');
  return { thinkingLevel: word?.toUpperCase(), includeThoughts };
}

function budgetFor(depth: NonNullable<Conversation['thinking']>['depth'], at: string): number {
  switch (depth.kind) {
    case 'off':
      return 0;
    case 'dynamic':
      return -1;
    case 'budget':
      return depth.tokens;
    case 'effort':
      if (depth.effort === 'xhigh' || depth.effort === 'max') {
        refuseUncarried(at, 'ask for "high" at most');
      }
      return budgetOf(depth.effort);
  }
}
