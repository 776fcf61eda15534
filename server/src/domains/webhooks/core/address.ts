/** Which addresses may be sent to. */
import { Refusal } from '../../../platform/errors.ts';
import { isPrivateUrl } from '../../../platform/private-address.ts';

interface Limits {
  mode: 'sandbox' | 'live';
}

/**
 * Why nothing may be sent there; undefined where it may. A sandbox sends anywhere, so that somebody can try it with a
 * program of their own; what a name leads to is judged when it is connected.
 */
export function addressProblem(text: string, { mode }: Limits): string | undefined {
  if (!URL.canParse(text)) return 'Write the address as https://example.com/webhooks.';
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') {
    return 'Leave user name and password out of the address: signatures prove who sends.';
  }
  if (url.hash !== '') return 'Leave the part behind # out of the address.';
  if (mode === 'sandbox') return undefined;
  if (url.protocol !== 'https:')
    return 'Give an address with https://, so that nobody reads along.';
  if (isPrivateUrl(text)) return 'Give an address that the internet reaches: this one is private.';
  return undefined;
}

/** @throws Refusal `rule_violated`. */
export function judgeAddress(text: string, limits: Limits): string {
  const problem = addressProblem(text, limits);
  if (problem !== undefined) throw new Refusal('rule_violated', problem, { param: 'url' });
  return new URL(text).href;
}
