/**
 * OpenAI's dialect has no place for sealed thinking, but its callers send the calls of tools back as they came. Google puts
 * its seal into `extra_content` of a call (https://ai.google.dev/gemini-api/docs/thought-signatures#openai); Claude's
 * thinking, which has to come back word for word while tools are used, takes the same way.
 */

import { readThinkingBlocks, thinkingBlock } from '../anthropic/thinking-blocks.ts';
import type { Seal, ThinkingPart } from '../conversation.ts';
import { allowOnly, join, optionalRecord, optionalText, readRecord } from '../fields.ts';

/** `ofTurn`: thinking at the beginning of the turn; `ofCall`: the seal of this call. */
export function readExtraContent(
  value: unknown,
  at: string,
): { ofTurn: ThinkingPart[]; ofCall: ThinkingPart[] } {
  if (value === undefined || value === null) return { ofTurn: [], ofCall: [] };
  const extra = readRecord(value, at);
  allowOnly(extra, new Set(['google', 'anthropic']), at);

  const ofCall: ThinkingPart[] = [];
  const google = optionalRecord(extra, 'google', at);
  if (google !== undefined) {
    const googleAt = join(at, 'google');
    allowOnly(google, new Set(['thought_signature']), googleAt);
    const signature = optionalText(google, 'thought_signature', googleAt);
    const seal: Seal = { vendor: 'gemini', value: signature ?? '', isRedacted: false };
    if (signature) ofCall.push({ kind: 'thinking', text: '', seal, at: googleAt });
  }
  const anthropic = optionalRecord(extra, 'anthropic', at);
  if (anthropic === undefined) return { ofTurn: [], ofCall };
  const blocksAt = join(at, 'anthropic.thinking_blocks');
  allowOnly(anthropic, new Set(['thinking_blocks']), join(at, 'anthropic'));
  return { ofTurn: readThinkingBlocks(anthropic.thinking_blocks, blocksAt), ofCall };
}

/** What a call has to bring back with it; `sealed` is the thinking before it. */
export function extraContent(sealed: readonly ThinkingPart[]): object | undefined {
  const google = sealed.findLast(({ seal }) => seal?.vendor === 'gemini')?.seal;
  const blocks = sealed.filter(({ seal }) => seal?.vendor === 'anthropic').map(thinkingBlock);
  if (google === undefined && blocks.length === 0) return undefined;
  return {
    ...(google && { google: { thought_signature: google.value } }),
    ...(blocks.length > 0 && { anthropic: { thinking_blocks: blocks } }),
  };
}
