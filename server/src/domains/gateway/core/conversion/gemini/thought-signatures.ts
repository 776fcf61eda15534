/**
 * Signatures of thoughts: https://ai.google.dev/gemini-api/docs/thought-signatures. They are bytes in base64 to Google's
 * SDKs, which decode and encode them again. Claude's thinking, which has to come back word for word while tools are used,
 * takes the place of one.
 */
import { isRecord } from '../../json.ts';
import { readThinkingBlocks, thinkingBlock } from '../anthropic/thinking-blocks.ts';
import type { ThinkingPart } from '../conversation.ts';

const claudeMark = Buffer.from('{"anthropic":').toString('base64').slice(0, 16);

/** What is sealed in a signature: Gemini's own thought, or blocks of Claude's thinking. */
export function readThoughtSignature(signature: string, at: string): ThinkingPart[] {
  const blocks = signature.startsWith(claudeMark) ? openEnvelope(signature) : undefined;
  if (blocks !== undefined) return readThinkingBlocks(blocks, at);
  const seal = { vendor: 'gemini', value: signature, isRedacted: false } as const;
  return [{ kind: 'thinking', text: '', seal, at }];
}

function openEnvelope(signature: string): unknown {
  try {
    const envelope: unknown = JSON.parse(Buffer.from(signature, 'base64').toString('utf8'));
    return isRecord(envelope) && Array.isArray(envelope.anthropic) ? envelope.anthropic : undefined;
  } catch {
    return undefined;
  }
}

/** The signature that a call has to bring back; `sealed` is the thinking before it. */
export function thoughtSignature(sealed: readonly ThinkingPart[]): string | undefined {
  const own = sealed.findLast(({ seal }) => seal?.vendor === 'gemini')?.seal;
  if (own) return own.value;
  const blocks = sealed.filter(({ seal }) => seal?.vendor === 'anthropic').map(thinkingBlock);
  if (blocks.length === 0) return undefined;
  return Buffer.from(JSON.stringify({ anthropic: blocks })).toString('base64');
}
