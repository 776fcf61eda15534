/** The merchant's account at Alipay, and the two pairs of keys: each side signs with its own and knows the other's. */
import { createPublicKey, generateKeyPairSync, type KeyObject, randomInt } from 'node:crypto';

export interface AlipayCredentials {
  /** What an operator copies from Alipay's console and key tool. */
  merchant: {
    app_id: string;
    seller_id: string;
    private_key: string;
    alipay_public_key: string;
  };
  /** Alipay's own. */
  private_key: string;
}

export interface Account {
  readonly appId: string;
  readonly sellerId: string;
  /** PEM; proves what the merchant sends. */
  readonly merchantPublicKey: string;
  /** PEM; signs what Alipay sends. */
  readonly privateKey: string;
}

export function drawAlipayCredentials(): AlipayCredentials {
  const [merchant, alipay] = [drawKeys(), drawKeys()];
  return {
    merchant: {
      app_id: `2021${drawDigits(12)}`,
      seller_id: `2088${drawDigits(12)}`,
      private_key: pemOf(merchant.privateKey, 'pkcs8'),
      // Alipay's console shows it so, without the frame of a PEM.
      alipay_public_key: alipay.publicKey
        .export({ type: 'spki', format: 'der' })
        .toString('base64'),
    },
    private_key: pemOf(alipay.privateKey, 'pkcs8'),
  };
}

/** Read when it is first needed: keys take a while to draw. */
export function openAccount(credentials: () => AlipayCredentials): Account {
  let merchantPublicKey: string | undefined;
  return {
    get appId() {
      return credentials().merchant.app_id;
    },
    get sellerId() {
      return credentials().merchant.seller_id;
    },
    get merchantPublicKey() {
      merchantPublicKey ??= pemOf(createPublicKey(credentials().merchant.private_key), 'spki');
      return merchantPublicKey;
    },
    get privateKey() {
      return credentials().private_key;
    },
  };
}

function drawKeys() {
  return generateKeyPairSync('rsa', { modulusLength: 2048 });
}

function pemOf(key: KeyObject, type: 'pkcs8' | 'spki'): string {
  return key.export({ type, format: 'pem' }).toString();
}

export function drawDigits(count: number): string {
  return Array.from({ length: count }, () => randomInt(10)).join('');
}
