import { verify, X509Certificate } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { known } from './signature-vectors.ts';
import { drawKeys, Signer, transmissionText } from './signing.ts';

const body = Buffer.from(known.body, 'utf8');

describe('what is signed', () => {
  const text = transmissionText(known, known.webhookId, body);

  test('is what the vendor signed', () => {
    expect(text).toBe(`${known.id}|${known.time}|${known.webhookId}|${known.checksum}`);
    const signature = Buffer.from(known.signature, 'base64');
    expect(verify('sha256', Buffer.from(text), known.publicKey, signature)).toBe(true);
  });

  test('changes with every byte of the body', () => {
    const touched = Buffer.concat([body, Buffer.from(' ')]);
    expect(transmissionText(known, known.webhookId, touched)).not.toBe(text);
  });
});

describe('the signer', () => {
  const signer = new Signer(undefined);

  test('knows its own signatures, in their one spelling, and nobody else’s', () => {
    const signature = signer.sign('text');
    expect(signer.isSigned('text', signature)).toBe(true);
    expect(signer.isSigned('texts', signature)).toBe(false);
    expect(signer.isSigned('text', `${signature} `)).toBe(false);
    expect(signer.isSigned('text', '')).toBe(false);
    expect(signer.isSigned('text', new Signer(undefined).sign('text'))).toBe(false);
  });

  test('has a certificate in the vendor’s name, issued by an authority', () => {
    const [leaf, authority] = certificatesIn(drawKeys().certificates);
    expect(leaf?.subject).toBe('CN=messageverificationcerts.sandbox.paypal.com');
    expect(leaf?.ca).toBe(false);
    expect(authority?.ca).toBe(true);
    expect(leaf && authority && leaf.checkIssued(authority)).toBe(true);
    expect(authority && leaf?.verify(authority.publicKey)).toBe(true);
    expect(authority?.verify(authority.publicKey)).toBe(true);
    expect(new Date(leaf?.validFrom ?? '').getTime()).toBeLessThan(Date.now());
    expect(new Date(leaf?.validTo ?? '').getTime()).toBeGreaterThan(Date.now() + 365 * 86_400_000);
  });
});

function certificatesIn(pem: string): X509Certificate[] {
  return pem
    .split(/(?<=-----END CERTIFICATE-----\n)/)
    .filter(Boolean)
    .map((each) => new X509Certificate(each));
}
