/** What the bill needs of a whole (not streamed) answer; its text is not parsed, unless it was searched for. */
import type { AnswerReport } from '../dialect.ts';
import { parseMember, scanMembers } from '../json-members.ts';
import { Searches, searchesName } from './searches.ts';
import { readUsage } from './usage.ts';

export function readGeminiAnswer(body: Buffer): AnswerReport {
  let reported: unknown;
  let hasError = false;
  let hasContent = false;
  for (const member of scanMembers(body) ?? []) {
    if (member.name === 'usageMetadata') reported = parseMember(body, member);
    else if (member.name === 'error') hasError = parseMember(body, member) !== null;
    else if (member.name === 'candidates' || member.name === 'totalTokens') hasContent = true;
  }
  const usage = readUsage(reported);
  const searches = searchesOf(body);
  return {
    usage: usage && searches > 0 ? { ...usage, searches } : usage,
    isFailure: hasError && !hasContent,
  };
}

function searchesOf(body: Buffer): number {
  if (body.indexOf(searchesName) < 0) return 0;
  const searches = new Searches();
  searches.add(parseMember(body, { name: '', start: 0, end: body.length }));
  return searches.count;
}
