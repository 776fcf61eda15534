/** The secrets of the chains. */
import { createHmac, randomBytes } from 'node:crypto';
import type { Sealer } from '../../platform/crypto.ts';
import type { Mac } from './core/entry.ts';

/** The keyed hash of this deployment's chains. */
export function auditMac({ sealer }: { sealer: Pick<Sealer, 'derive'> }): Mac {
  const key = sealer.derive('audit');
  return (text) => createHmac('sha256', key).update(text).digest('hex');
}

/** 128 random bits. */
export function newSalt(): string {
  return randomBytes(16).toString('base64url');
}
