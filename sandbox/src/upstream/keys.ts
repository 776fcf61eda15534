/** One secret, many keys: `<secret>` and `<secret>.<label>` are good, so that channels can be told apart. Pure. */

/** The label of a good key (empty for the bare secret), or undefined for a key we never gave out. */
export function readKeyLabel(given: string | undefined, secret: string): string | undefined {
  if (given === undefined || !given.startsWith(secret)) return undefined;
  const rest = given.slice(secret.length);
  if (rest === '') return '';
  return /^\.[\w-]{1,64}$/.test(rest) ? rest.slice(1) : undefined;
}

export function bearerOf(authorization: string | undefined): string | undefined {
  return authorization?.startsWith('Bearer ') ? authorization.slice(7).trim() : undefined;
}
