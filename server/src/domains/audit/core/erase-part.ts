/** What is left of an entry when parts of it are erased. */
import {
  type ChainedEntry,
  isAsWritten,
  type Mac,
  type Part,
  restText,
  sealParts,
} from './entry.ts';

/** The entry without these parts. */
export function withoutParts(
  entry: ChainedEntry,
  gone: readonly Part[],
  secrets: { mac: Mac; newSalt: () => string },
): ChainedEntry {
  const left = separable(entry, secrets);
  const origin = { ip: null, userAgent: null, originSalt: null };
  const values = { oldValues: null, newValues: null, valuesSalt: null };
  return {
    ...left,
    ...(gone.includes('origin') ? origin : {}),
    ...(gone.includes('values') ? values : {}),
  };
}

/**
 * An entry of version 1 is sealed anew before it loses a part, for its hash was over the part itself; one that was
 * tampered with before is not, and stays found.
 */
export function separable(
  entry: ChainedEntry,
  { mac, newSalt }: { mac: Mac; newSalt: () => string },
): ChainedEntry {
  const needsSeal = entry.version === 1 && entry.restSeal === null && isAsWritten(entry, mac);
  if (!needsSeal) return entry;
  const sealed = { ...entry, ...sealParts(entry, { mac, newSalt }) };
  return { ...sealed, restSeal: mac(restText(sealed)) };
}
