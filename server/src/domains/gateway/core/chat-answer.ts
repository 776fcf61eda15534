/** What the bill needs of a whole (not streamed) answer; its text is not parsed. */
import { parseMember, scanMembers } from './json-members.ts';

export interface ChatAnswer {
  usage: unknown;
  /** An error that travels under status 200, as some routers send it. */
  isFailure: boolean;
}

export function readChatAnswer(body: Buffer): ChatAnswer {
  let usage: unknown;
  let hasError = false;
  let hasChoices = false;
  for (const member of scanMembers(body) ?? []) {
    if (member.name === 'usage') usage = parseMember(body, member);
    else if (member.name === 'error') hasError = parseMember(body, member) !== null;
    else if (member.name === 'choices') hasChoices = true;
  }
  return { usage, isFailure: hasError && !hasChoices };
}
