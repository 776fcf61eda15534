/** Which proxy a channel may have, and how it is shown. */
import { Refusal } from '../../../platform/errors.ts';
import { isPrivateUrl } from '../../../platform/private-address.ts';
import { isListed } from './base-url.ts';

/**
 * A proxy's address, with its credentials.
 * @throws Refusal `rule_violated` for more than a host in it, and in live mode for a private host that
 * `SLUICE_PRIVATE_UPSTREAMS` does not name.
 */
export function judgeProxyUrl(
  text: string,
  limits: { mode: 'sandbox' | 'live'; privateUpstreams: readonly string[] },
): string {
  const param = 'proxy_url';
  const url = new URL(text);
  const hasMore =
    (url.pathname !== '/' && url.pathname !== '') || url.search !== '' || url.hash !== '';
  if (hasMore) {
    throw new Refusal(
      'rule_violated',
      'Give the proxy’s address alone, such as "http://user:password@host:3128".',
      { param },
    );
  }
  // `isPrivateUrl` knows hosts as the URL standard writes them, which it does for http only.
  const asHttp = text.replace(/^socks5:/i, 'http:');
  const { hostname } = new URL(asHttp);
  if (limits.mode === 'live' && isPrivateUrl(asHttp) && !isListed(hostname, limits)) {
    throw new Refusal(
      'rule_violated',
      `${hostname} is in a private network: name it in SLUICE_PRIVATE_UPSTREAMS to allow it.`,
      { param },
    );
  }
  return text;
}

/** Without what only the proxy may know. */
export function shownProxyUrl(text: string): string {
  const url = new URL(text);
  const hasCredentials = url.username !== '' || url.password !== '';
  return `${url.protocol}//${hasCredentials ? '…@' : ''}${url.host}`;
}
