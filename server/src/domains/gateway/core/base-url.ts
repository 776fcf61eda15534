/** Which address a channel may have. */

import { Refusal } from '../../../platform/errors.ts';
import { isPrivateUrl } from '../../../platform/private-address.ts';

/** What the deployment's settings say of it. */
interface Limits {
  mode: 'sandbox' | 'live';
  privateUpstreams: readonly string[];
}

/**
 * The address without a slash at its end.
 * @throws Refusal `rule_violated` for credentials or a query in it, and in live mode for a private host that
 * `SLUICE_PRIVATE_UPSTREAMS` does not name.
 */
export function judgeBaseUrl(text: string, limits: Limits): string {
  const param = 'base_url';
  const url = new URL(text);
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new Refusal('rule_violated', 'Give the address alone, such as "https://host/v1".', {
      param,
    });
  }
  if (limits.mode === 'live' && isPrivateUrl(text) && !isListed(url.hostname, limits)) {
    throw new Refusal(
      'rule_violated',
      `${url.hostname} is in a private network: name it in SLUICE_PRIVATE_UPSTREAMS to allow it.`,
      { param },
    );
  }
  return text.replace(/\/+$/, '');
}

/** Whether the operator of the deployment has allowed a private host. */
export function isListed(host: string, limits: Limits): boolean {
  return limits.privateUpstreams.includes(host.toLowerCase());
}

/**
 * The address of a path behind a channel's base URL. An operator may write the version, where a vendor's paths begin with
 * one, or leave it out: `https://api.anthropic.com` and `https://api.anthropic.com/v1` are the same channel.
 */
export function joinBaseUrl(base: string, path: string): string {
  const version = /^\/v\d\w*(?=\/)/.exec(path)?.[0];
  return version !== undefined && base.endsWith(version)
    ? base + path.slice(version.length)
    : base + path;
}
