/** What both sides sign, and how news is sealed: https://pay.weixin.qq.com/doc/v3/merchant/4012365342 */
import {
  createCipheriv,
  createPrivateKey,
  createPublicKey,
  createSign,
  createVerify,
  randomBytes,
} from 'node:crypto';

/** What a merchant signs of a request. `url` is its path with the query, as it came. */
export interface SignedRequest {
  method: string;
  url: string;
  timestamp: string;
  nonce: string;
  body: string;
}

export function requestText({ method, url, timestamp, nonce, body }: SignedRequest): string {
  return [method, url, timestamp, nonce, body, ''].join('\n');
}

/** What the platform signs of an answer or a notification; an empty body is an empty line. */
export function answerText(timestamp: string, nonce: string, body: string): string {
  return [timestamp, nonce, body, ''].join('\n');
}

export function signText(text: string, privateKey: string): string {
  return createSign('RSA-SHA256').update(text).sign(createPrivateKey(privateKey), 'base64');
}

/** `key`: a public key, a certificate, or a private key whose public part is meant. */
export function isSignedBy(text: string, signature: string, key: string): boolean {
  return createVerify('RSA-SHA256').update(text).verify(createPublicKey(key), signature, 'base64');
}

export interface Sealed {
  algorithm: 'AEAD_AES_256_GCM';
  ciphertext: string;
  nonce: string;
  associated_data: string;
}

/** AES-256-GCM with the tag behind the text, under the merchant's APIv3 key of 32 bytes. */
export function seal(plain: string, apiV3Key: string, associatedData: string): Sealed {
  // Twelve printable bytes, as the nonce is used as it is written.
  const nonce = randomBytes(6).toString('hex');
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(apiV3Key), Buffer.from(nonce));
  cipher.setAAD(Buffer.from(associatedData));
  const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return {
    algorithm: 'AEAD_AES_256_GCM',
    ciphertext: sealed.toString('base64'),
    nonce,
    associated_data: associatedData,
  };
}
