/** Whether a provider on the internet can call an address. */

const privateSuffixes = ['localhost', 'local', 'internal', 'lan', 'home', 'test', 'invalid'];

/** True for https on a public name; addresses by number are never certified, so they are refused. */
export function isPublicHttps(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname, username } = new URL(address);
  if (protocol !== 'https:' || username !== '') return false;
  const labels = hostname.replace(/\.$/, '').split('.');
  const top = labels.at(-1) ?? '';
  const isName = labels.length > 1 && /^[a-z][a-z0-9-]+$/.test(top);
  return isName && !privateSuffixes.includes(top);
}

/** Where the payer comes back to: an address of our own web app, or undefined for any other. */
export function ownAddress(address: string, publicUrl: string): string | undefined {
  if (!URL.canParse(address, publicUrl)) return undefined;
  const url = new URL(address, publicUrl);
  const isOwn = url.origin === new URL(publicUrl).origin && url.username === '';
  return isOwn && url.password === '' ? url.href : undefined;
}
