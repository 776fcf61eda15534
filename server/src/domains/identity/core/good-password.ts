/**
 * Which passwords are refused: those that everybody tries first, and those that are mostly the person's own name or
 * address. Nothing is said about capitals or digits: such rules make people write "Password1!".
 * https://pages.nist.gov/800-63-4/sp800-63b.html#passwordver
 */

/** What counts of a password, at least. */
const ownLettersMin = 8;
/** Shorter parts of a name occur in many words. */
const partLengthMin = 3;

export interface PasswordOwner {
  email?: string | null | undefined;
  name?: string | null | undefined;
  username?: string | null | undefined;
}

export type PasswordFault = 'common' | 'personal';

/** `isCommon` knows the list of common passwords, in lower case. */
export function findPasswordFault(
  password: string,
  owner: PasswordOwner,
  isCommon: (word: string) => boolean,
): PasswordFault | undefined {
  const plain = password.normalize('NFKC').toLowerCase();
  if (isCommon(plain) || isRepeated(plain)) return 'common';
  const rest = withoutParts(plain, partsOf(owner));
  if (rest === plain) return undefined;
  return rest.length < ownLettersMin || isCommon(rest) ? 'personal' : undefined;
}

/** One sign, or a few, over and over: "aaaaaaaa", "abababab". */
function isRepeated(plain: string): boolean {
  return /^(.{1,3})\1+.{0,2}$/.test(plain);
}

/** What a person is called: the address whole and its parts, the name and its words, the user name. */
function partsOf({ email, name, username }: PasswordOwner): string[] {
  const words = [email, name, username]
    .filter((word) => typeof word === 'string')
    .map((word) => word.normalize('NFKC').toLowerCase());
  const parts = words.flatMap((word) => [word, ...word.split(/[\s@.+_-]+/)]);
  // Longest first: "ada.lovelace" goes as a whole before "ada" does.
  return [...new Set(parts)]
    .filter((part) => part.length >= partLengthMin)
    .toSorted((one, other) => other.length - one.length);
}

function withoutParts(plain: string, parts: readonly string[]): string {
  return parts.reduce((rest, part) => rest.replaceAll(part, ''), plain);
}
