/**
 * The provider's MD5 signature: all fields but `sign`, `sign_type` and the empty ones, sorted by name, joined as
 * `k=v&k=v`, with the merchant's key appended directly.
 */
import { createHash } from 'node:crypto';

export type Fields = Record<string, string>;

export function sign(fields: Fields, key: string): string {
  const canonical = Object.keys(fields)
    .filter((name) => name !== 'sign' && name !== 'sign_type' && fields[name] !== '')
    .sort()
    .map((name) => `${name}=${fields[name]}`)
    .join('&');
  return createHash('md5')
    .update(canonical + key, 'utf8')
    .digest('hex');
}

/** A submission is signed over these fields only: any other that the merchant signed breaks its signature. */
const SUBMISSION_FIELDS = [
  'pid',
  'type',
  'out_trade_no',
  'notify_url',
  'return_url',
  'name',
  'device',
] as const;

/** The provider writes the amount anew before it compares, as `10.00` and as `10`; either may have been signed. */
export function isSignedSubmission(fields: Fields, money: string, key: string): boolean {
  const signed: Fields = {};
  for (const name of SUBMISSION_FIELDS) signed[name] = fields[name] ?? '';
  const given = (fields.sign ?? '').toLowerCase();
  return [money, trimMoney(money)].some(
    (spelling) => sign({ ...signed, money: spelling }, key) === given,
  );
}

function trimMoney(money: string): string {
  return money.replace(/\.?0+$/, '');
}
