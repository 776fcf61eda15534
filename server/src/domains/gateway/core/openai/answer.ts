/** What the bill needs of a whole (not streamed) answer; its text is not parsed. */
import type { AnswerReport } from '../dialect.ts';
import { parseMember, scanMembers } from '../json-members.ts';
import { readUsage } from './usage.ts';

/** An error may travel under status 200, as some routers send it; `content` names the field that tells it is none. */
export function readOpenAiAnswer(body: Buffer, content: string): AnswerReport {
  let reported: unknown;
  let tier: unknown;
  let hasError = false;
  let hasContent = false;
  for (const member of scanMembers(body) ?? []) {
    if (member.name === 'usage') reported = parseMember(body, member);
    else if (member.name === 'service_tier') tier = parseMember(body, member);
    else if (member.name === 'error') hasError = parseMember(body, member) !== null;
    else if (member.name === content) hasContent = true;
  }
  return { usage: readUsage(reported, tier), isFailure: hasError && !hasContent };
}
