/**
 * Alipay's RSA2 signatures: fields that say something, sorted by name and joined as `k=v&k=v` with their plain values,
 * SHA-256 with RSA, in base64. Requests are signed with their `sign_type`, notifications without.
 */
import { createSign, createVerify } from 'node:crypto';

export type Fields = Record<string, string>;

export function canonicalText(fields: Fields, leftOut: readonly string[]): string {
  return Object.keys(fields)
    .filter((name) => !leftOut.includes(name) && fields[name] !== '')
    .sort()
    .map((name) => `${name}=${fields[name]}`)
    .join('&');
}

/** Whether the merchant signed a request. */
export function isSignedRequest(fields: Fields, merchantPublicKey: string): boolean {
  const text = canonicalText(fields, ['sign']);
  return createVerify('RSA-SHA256')
    .update(text, 'utf8')
    .verify(merchantPublicKey, fields.sign ?? '', 'base64');
}

/** The sign of a notification, over all but `sign` and `sign_type`. */
export function signNotify(
  fields: Fields,
  privateKey: string,
  algorithm: 'RSA-SHA256' | 'RSA-SHA1' = 'RSA-SHA256',
): string {
  return createSign(algorithm)
    .update(canonicalText(fields, ['sign', 'sign_type']), 'utf8')
    .sign(privateKey, 'base64');
}

/** The sign of an answer, over the very text of its inner object. */
export function signText(text: string, privateKey: string): string {
  return createSign('RSA-SHA256').update(text, 'utf8').sign(privateKey, 'base64');
}

export function isSignedText(text: string, sign: string, publicKey: string): boolean {
  return createVerify('RSA-SHA256').update(text, 'utf8').verify(publicKey, sign, 'base64');
}
