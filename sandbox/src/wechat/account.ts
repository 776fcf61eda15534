/** A merchant's account at WeChat Pay: what the merchant is given, and the platform's own private key. */
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  randomInt,
} from 'node:crypto';
import { makeCertificate } from './certificate.ts';

/** What the merchant enters as settings, under the names that they have there. */
export interface WechatMerchant {
  mchid: string;
  appid: string;
  merchant_serial: string;
  private_key: string;
  api_v3_key: string;
  platform_key_id: string;
  platform_public_key: string;
}

export interface WechatAccount {
  merchant: WechatMerchant;
  platformPrivateKey: string;
  /** For merchants who know the platform by its certificate instead of its public key. It is the same key. */
  platformCertificate: string;
  platformSerial: string;
}

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const yearMs = 365 * 86_400_000;

export function drawWechatAccount(): WechatAccount {
  const merchantKey = drawPrivateKey();
  const platformPrivateKey = drawPrivateKey();
  const platformSerial = drawSerial();
  const mchid = `16${drawText(8, '0123456789')}`;
  const now = Date.now();
  return {
    merchant: {
      mchid,
      appid: `wx${randomBytes(8).toString('hex')}`,
      merchant_serial: drawSerial(),
      private_key: merchantKey,
      api_v3_key: drawText(32, alphabet),
      platform_key_id: `PUB_KEY_ID_0${mchid}${drawText(20, '0123456789')}`,
      platform_public_key: String(
        createPublicKey(platformPrivateKey).export({ type: 'spki', format: 'pem' }),
      ),
    },
    platformPrivateKey,
    platformCertificate: makeCertificate({
      serial: platformSerial,
      commonName: 'Tenpay.com sign (sandbox)',
      privateKey: createPrivateKey(platformPrivateKey),
      from: new Date(now - 86_400_000),
      to: new Date(now + 5 * yearMs),
    }),
    platformSerial,
  };
}

function drawPrivateKey(): string {
  return generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  }).privateKey;
}

/** Forty hexadecimal digits that are a positive number as they stand. */
function drawSerial(): string {
  return `5${randomBytes(20).toString('hex').slice(1)}`.toUpperCase();
}

function drawText(length: number, characters: string): string {
  return Array.from({ length }, () => characters[randomInt(characters.length)]).join('');
}
