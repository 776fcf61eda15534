/**
 * Notifications: signed by the platform over the raw bytes, and encrypted with our APIv3 key. The signature is judged
 * before a byte of the body is read. https://pay.weixin.qq.com/doc/v3/merchant/4012071382
 */
import { createDecipheriv, verify as verifySignature } from 'node:crypto';
import { z } from 'zod';
import type { Claims, Notification, Verification } from '../../provider.ts';
import type { PlatformKeys } from './keys.ts';
import type { Merchant } from './orders.ts';

const offsetSecondsMax = 300;
const tagBytes = 16;
const timestampForm = /^[0-9]{1,12}$/;
const signatureForm = /^[A-Za-z0-9+/]{1,1024}={0,2}$/;
/** Traffic by which the platform tests whether we look at signatures at all: it must be refused. */
const probePrefix = 'WECHATPAY/SIGNTEST/';

export interface NotificationKeys {
  platform: PlatformKeys;
  apiV3Key: string;
}

const Envelope = z.object({
  event_type: z.string().min(1).max(64),
  resource_type: z.literal('encrypt-resource'),
  resource: z.object({
    algorithm: z.literal('AEAD_AES_256_GCM'),
    ciphertext: z.string().max(1_048_576),
    associated_data: z.string().max(64).optional(),
    nonce: z.string().min(1).max(32),
  }),
});

export function verifyNotification(
  notification: Notification,
  keys: NotificationKeys,
  { merchant, nowSeconds }: { merchant: Merchant; nowSeconds: number },
): Verification {
  const problem = signatureProblem(notification, keys.platform, nowSeconds);
  if (problem !== undefined) return refuse(problem);
  const { data: envelope } = Envelope.safeParse(parseJson(notification.body));
  if (!envelope) return refuse('the body is no encrypted notification');
  const opened = open(envelope.resource, keys.apiV3Key);
  if (opened === undefined) return refuse('the APIv3 key does not open it');
  const resource = parseJson(opened);
  if (typeof resource !== 'object' || resource === null) return refuse('it holds no JSON object');
  const stranger = strangerIn(resource as Claims, merchant);
  if (stranger !== undefined) return refuse(`the ${stranger} is not ours`);
  return { verified: true, claims: { event_type: envelope.event_type, resource } };
}

/** What is wrong with the signature over the raw bytes; undefined when it is the platform's and fresh. */
export function signatureProblem(
  { headers, body }: Pick<Notification, 'headers' | 'body'>,
  keys: PlatformKeys,
  nowSeconds: number,
): string | undefined {
  const timestamp = headers['wechatpay-timestamp'];
  const nonce = headers['wechatpay-nonce'];
  const serial = headers['wechatpay-serial'];
  const signature = headers['wechatpay-signature'];
  // Node joins what comes twice with a comma, which none of the forms below has.
  if (typeof timestamp !== 'string' || !timestampForm.test(timestamp)) {
    return 'the timestamp is missing';
  }
  if (typeof nonce !== 'string' || !/^[\x21-\x7e]{1,128}$/.test(nonce)) {
    return 'the nonce is missing';
  }
  if (typeof signature !== 'string') return 'the signature is missing';
  if (signature.startsWith(probePrefix)) return 'it is a probe with a false signature';
  if (!signatureForm.test(signature)) return 'the signature is malformed';
  if (Math.abs(nowSeconds - Number.parseInt(timestamp, 10)) > offsetSecondsMax) {
    return 'the timestamp is more than five minutes away';
  }
  const key = typeof serial === 'string' ? keyNamed(keys, serial) : undefined;
  if (!key) return 'the serial is of no platform key that we know';
  const signed = Buffer.concat([Buffer.from(`${timestamp}\n${nonce}\n`), body, Buffer.from('\n')]);
  const isGenuine = verifySignature('sha256', signed, key, Buffer.from(signature, 'base64'));
  return isGenuine ? undefined : 'the signature is wrong';
}

/** Certificates are named in hexadecimal, of either case; public keys by an id as it stands. */
function keyNamed(keys: PlatformKeys, serial: string) {
  return keys.get(serial) ?? keys.get(serial.toUpperCase());
}

interface SealedResource {
  ciphertext: string;
  nonce: string;
  associated_data?: string | undefined;
}

/** The plain bytes; undefined where the key, the nonce, the associated data or a bit of the text differs. */
export function openResource(
  { ciphertext, nonce, associated_data = '' }: SealedResource,
  key: string,
  cipher: 'aes-256-gcm' | 'aes-128-gcm',
): Buffer | undefined {
  const sealed = Buffer.from(ciphertext, 'base64');
  if (sealed.length < tagBytes) return undefined;
  try {
    const decipher = createDecipheriv(cipher, Buffer.from(key), Buffer.from(nonce), {
      authTagLength: tagBytes,
    });
    decipher.setAuthTag(sealed.subarray(-tagBytes));
    decipher.setAAD(Buffer.from(associated_data));
    return Buffer.concat([decipher.update(sealed.subarray(0, -tagBytes)), decipher.final()]);
  } catch {
    return undefined;
  }
}

/** Only ever with a 32-byte key: a shorter one does not fit the cipher, and opens nothing. */
function open(resource: SealedResource, apiV3Key: string): Buffer | undefined {
  return openResource(resource, apiV3Key, 'aes-256-gcm');
}

/** News of refunds do not name the application. */
function strangerIn({ mchid, appid }: Claims, merchant: Merchant): 'mchid' | 'appid' | undefined {
  if (mchid !== merchant.mchid) return 'mchid';
  return appid === undefined || appid === merchant.appid ? undefined : 'appid';
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

function refuse(reason: string): Verification {
  return { verified: false, reason };
}
