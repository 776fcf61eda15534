/** What a payer knows a PayPal account by. */

const local = /^(.).*(@[^@]{1,80})$/u;

/** An address is not shown whole: whoever sees the method need not know it. */
export function labelOf(email: string | undefined): string {
  const [, first, rest] = local.exec(email ?? '') ?? [];
  return first === undefined ? 'PayPal' : `PayPal ${first}•••${rest}`;
}
