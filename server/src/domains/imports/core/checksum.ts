import { createHash } from 'node:crypto';

/** Of what is carried: the same terms give the same text, whenever they are read. */
export function checksumOf(terms: readonly unknown[]): string {
  const text = JSON.stringify(terms, (_name, value) =>
    typeof value === 'bigint' ? `${value}n` : value,
  );
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
