/**
 * Reads the keys as operators have them: PEM, or the bare base64 that Alipay's key tool and console show, in PKCS#8 or
 * PKCS#1. The SDK wants one certain form, and fails at the first call with any other; so they are brought into it here.
 */
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';

export interface Keys {
  /** Ours, which signs. PKCS#1 PEM. */
  privateKey: string;
  /** Alipay's, which proves its answers and notifications. SPKI PEM. */
  alipayPublicKey: string;
  /** Whether the one set as Alipay's is merely the public half of ours. */
  isOwnPublicKey: boolean;
}

const bitsMin = 2048;

export function readKeys(texts: {
  privateKey: string;
  alipayPublicKey: string;
}): Keys | { unreadable: 'private_key' | 'alipay_public_key' } {
  const ours = readRsa(texts.privateKey, parsePrivate);
  if (!ours) return { unreadable: 'private_key' };
  const theirs = readRsa(texts.alipayPublicKey, parsePublic);
  if (!theirs) return { unreadable: 'alipay_public_key' };
  return {
    privateKey: ours.export({ type: 'pkcs1', format: 'pem' }).toString(),
    alipayPublicKey: theirs.export({ type: 'spki', format: 'pem' }).toString(),
    isOwnPublicKey: createPublicKey(ours).equals(theirs),
  };
}

function readRsa(text: string, parse: (text: string) => KeyObject): KeyObject | undefined {
  try {
    const key = parse(text.trim());
    const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
    return key.asymmetricKeyType === 'rsa' && bits >= bitsMin ? key : undefined;
  } catch {
    return undefined;
  }
}

function parsePrivate(text: string): KeyObject {
  const key = derOf(text);
  try {
    return createPrivateKey({ key, format: 'der', type: 'pkcs8' });
  } catch {
    return createPrivateKey({ key, format: 'der', type: 'pkcs1' });
  }
}

function parsePublic(text: string): KeyObject {
  const key = derOf(text);
  // Node reads a private key too, and takes its public half: somebody has mixed up the two.
  if (readRsa(text, parsePrivate)) throw new TypeError('a private key is no public key');
  try {
    return createPublicKey({ key, format: 'der', type: 'spki' });
  } catch {
    return createPublicKey({ key, format: 'der', type: 'pkcs1' });
  }
}

/** PEM loses its line ends in a form's field of one line, so it is unwrapped by hand. */
function derOf(text: string): Buffer {
  return Buffer.from(text.replace(/-----[A-Z ]+-----/g, ''), 'base64');
}
