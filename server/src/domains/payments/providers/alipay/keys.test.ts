import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readKeys } from './keys.ts';

const ours = generateKeyPairSync('rsa', { modulusLength: 2048 });
const theirs = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey;

const pem = (type: 'pkcs1' | 'pkcs8') => ours.privateKey.export({ type, format: 'pem' }).toString();
const publicPem = theirs.export({ type: 'spki', format: 'pem' }).toString();
const bare = (text: string) => text.replace(/-----[A-Z ]+-----|\n/g, '');
const inOneLine = (text: string) => text.replaceAll('\n', ' ');

describe('readKeys', () => {
  it.each<[string, (text: string) => string]>([
    ['PEM', (text) => text],
    ['bare base64', bare],
    ['PEM that a form wrote in one line', inOneLine],
  ])('reads %s, in PKCS#1 and PKCS#8', (_what, write) => {
    for (const type of ['pkcs1', 'pkcs8'] as const) {
      const texts = { privateKey: write(pem(type)), alipayPublicKey: write(publicPem) };
      expect(readKeys(texts)).toEqual({
        privateKey: pem('pkcs1'),
        alipayPublicKey: publicPem,
        isOwnPublicKey: false,
      });
    }
  });

  it('notices that our own public key was pasted as Alipay’s', () => {
    const own = ours.publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const keys = readKeys({ privateKey: pem('pkcs8'), alipayPublicKey: own });
    expect(keys).toMatchObject({ isOwnPublicKey: true });
  });

  it.each([
    ['nothing', ''],
    ['white space', ' \n\t'],
    ['noise', 'not a key'],
    ['a private key', pem('pkcs8')],
    ['a short key', shortKey()],
    ['a key of another kind', ellipticKey()],
  ])('does not take %s for Alipay’s public key', (_what, text) => {
    const keys = readKeys({ privateKey: pem('pkcs8'), alipayPublicKey: text });
    expect(keys).toEqual({ unreadable: 'alipay_public_key' });
  });

  it.each([
    ['nothing', ''],
    ['noise', 'bm8='],
    ['a public key', publicPem],
  ])('does not take %s for our private key', (_what, text) => {
    const keys = readKeys({ privateKey: text, alipayPublicKey: publicPem });
    expect(keys).toEqual({ unreadable: 'private_key' });
  });
});

function shortKey(): string {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
  return publicKey.export({ type: 'spki', format: 'pem' }).toString();
}

function ellipticKey(): string {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return publicKey.export({ type: 'spki', format: 'pem' }).toString();
}
