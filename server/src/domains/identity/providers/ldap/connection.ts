/** One connection to the directory, opened for one question and closed after it; every wait has an end. */
import type { LdapSettings } from '@sluice/contract/sign-in-providers';
import type { Client } from 'ldapts';
import type { Ldap } from './filter.ts';

/** Of one question there are at most so many steps: TLS, three binds and two searches. */
const stepsMax = 6;

/** Loaded when somebody first asks: most processes never do. */
let loading: Promise<Ldap> | undefined;

export function loadLdap(): Promise<Ldap> {
  loading ??= import('ldapts');
  return loading;
}

/**
 * Does `work` on a connection that is encrypted where the settings say so.
 * @throws Error where the directory cannot be reached, or does not answer in time.
 */
export async function withDirectory<T>(
  ldap: Ldap,
  settings: LdapSettings,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const { timeout_ms: timeoutMs } = settings;
  const url = new URL(settings.url);
  const trust = settings.ca === null ? {} : { ca: settings.ca };
  const tlsOptions = { ...trust, minVersion: 'TLSv1.2' as const };
  const client = new ldap.Client({
    url: `${url.protocol}//${url.host}`,
    timeout: timeoutMs,
    connectTimeout: timeoutMs,
    ...(url.protocol === 'ldaps:' ? { tlsOptions } : {}),
  });
  const run = async () => {
    if (settings.start_tls && url.protocol === 'ldap:') {
      const servername = url.hostname.replace(/^\[|\]$/g, '');
      await client.startTLS({ ...tlsOptions, host: servername, servername: nameOnly(servername) });
    }
    return work(client);
  };
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const end = () => reject(new Error('the directory did not answer in time'));
    timer = setTimeout(end, timeoutMs * stepsMax);
  });
  try {
    return await Promise.race([run(), late]);
  } finally {
    clearTimeout(timer);
    // What was asked is answered; whether the goodbye arrives matters to nobody.
    void client.unbind().catch(() => undefined);
  }
}

/** TLS names no server by its number. */
function nameOnly(host: string): string {
  return /^[\d.]+$|:/.test(host) ? '' : host;
}
