/** Yuan as text, fen as bigint. */

const fenMax = 10_000_000_000n;

/** Fen of an amount that Alipay takes: 0.01 to 100000000.00 with at most two places. */
export function parseFen(text: unknown): bigint | undefined {
  const match = /^(\d{1,9})(?:\.(\d{1,2}))?$/.exec(typeof text === 'string' ? text : '');
  if (!match) return undefined;
  const fen = BigInt(match[1] ?? '') * 100n + BigInt((match[2] ?? '').padEnd(2, '0'));
  return fen > 0n && fen <= fenMax ? fen : undefined;
}

/** `-12.05` of -1205 fen. */
export function formatFen(fen: bigint): string {
  const [sign, size] = fen < 0n ? ['-', -fen] : ['', fen];
  return `${sign}${size / 100n}.${String(size % 100n).padStart(2, '0')}`;
}
