import type { Context } from '../../../platform/context.ts';
import type { Organization } from '../../identity/index.ts';
import { type Locale, say, type ToldName } from '../core/wording.ts';
import type { Message } from '../provider.ts';
import type { Notice } from '../store.ts';

/** A notice in words, with a link that works from outside. */
export function messageOf(
  { config }: Context,
  { name, data }: Pick<Notice, 'name' | 'data'>,
  { locale, organization }: { locale: Locale; organization: Organization },
): Message {
  const { timeZone } = organization;
  const said = say({ name: name as ToldName, data }, { locale, timeZone });
  const { title, text, action, path } = said;
  const link = { words: action, url: `${config.publicUrl}${path}` };
  return { title, text, link, organization: organization.name };
}
