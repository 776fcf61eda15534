/**
 * The headers under which PayPal signs a notification. What it signs is their id and time, the webhook's id, and a CRC-32
 * of the body, which is no hash: whoever has seen one signed notification can write another body that fits it. So a good
 * signature is never enough here, and everything that follows from a notification is asked of PayPal.
 * https://developer.paypal.com/api/rest/webhooks/rest/
 */
import type { Notification } from '../../provider.ts';

export interface Transmission {
  id: string;
  time: string;
  signature: string;
  certificateUrl: string;
  algorithm: string;
}

export type ReadTransmission =
  | { readable: true; transmission: Transmission }
  | { readable: false; reason: string };

const forms = {
  id: /^[\w-]{1,50}$/,
  time: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/,
  signature: /^[A-Za-z0-9+/]{1,684}={0,2}$/,
  certificateUrl: /^[\x21-\x7e]{1,500}$/,
  algorithm: /^SHA256withRSA$/,
};
const names = {
  id: 'paypal-transmission-id',
  time: 'paypal-transmission-time',
  signature: 'paypal-transmission-sig',
  certificateUrl: 'paypal-cert-url',
  algorithm: 'paypal-auth-algo',
} as const;

/** @param ownCertificates where the API's own certificates are, beside PayPal's. */
export function readTransmission(
  headers: Notification['headers'],
  ownCertificates: string,
): ReadTransmission {
  const read: Partial<Transmission> = {};
  for (const part of Object.keys(names) as (keyof Transmission)[]) {
    const value = headers[names[part]];
    if (typeof value !== 'string' || !forms[part].test(value)) {
      return { readable: false, reason: `the header ${names[part]} is missing or wrong` };
    }
    read[part] = value;
  }
  const transmission = read as Transmission;
  return isCertificateUrl(transmission.certificateUrl, ownCertificates)
    ? { readable: true, transmission }
    : { readable: false, reason: 'the certificate is not at an address of PayPal' };
}

const certificateHosts: ReadonlySet<string> = new Set([
  'api.paypal.com',
  'api-m.paypal.com',
  'api.sandbox.paypal.com',
  'api-m.sandbox.paypal.com',
]);
const certificatePath = /^\/v1\/notifications\/certs\/[\w-]{1,100}$/;

/** Whether a certificate can be PayPal's: one from anywhere else proves only that somebody made it. */
export function isCertificateUrl(address: string, ownCertificates: string): boolean {
  const own = address.startsWith(ownCertificates) ? address.slice(ownCertificates.length) : '';
  if (/^[\w-]{1,100}$/.test(own)) return true;
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  // What the URL says and what it is read as have to be the same letters: no user, port, query or `..`.
  const plain = `https://${url.hostname}${url.pathname}`;
  return (
    address === plain && certificateHosts.has(url.hostname) && certificatePath.test(url.pathname)
  );
}
