/** Whether a key and its organization may be served at all, before anything is counted. */
import { BlockList, isIP } from 'node:net';
import { Refusal } from '../../../platform/errors.ts';
import type { Key } from '../../identity/index.ts';
import type { AccessSubject } from '../subjects.ts';

/** @throws Refusal with what is in the way. */
export function requireStanding(
  { key, organizationStatus }: AccessSubject,
  { ip, now }: { ip: string | undefined; now: Date },
): void {
  if (key !== null) requireUsable(key, ip, now);
  if (organizationStatus === 'suspended') {
    const sentence = 'This organization is suspended: its owner can ask support why.';
    throw new Refusal('organization_suspended', sentence, { param: 'subject' });
  }
}

function requireUsable(key: Key, ip: string | undefined, now: Date): void {
  if (key.expiresAt !== null && key.expiresAt <= now) {
    const sentence = 'This key has expired: ask the customer for another one.';
    throw new Refusal('subject_unknown', sentence, { param: 'subject.api_key' });
  }
  if (key.ipAllowlist === null) return;
  if (ip === undefined) {
    const sentence = 'This key allows some addresses only: send the customer\'s address as "ip".';
    throw new Refusal('ip_not_allowed', sentence, { param: 'ip' });
  }
  if (isListed(ip, key.ipAllowlist)) return;
  const sentence = `This key may not be used from ${ip}: use it from an address that it allows.`;
  throw new Refusal('ip_not_allowed', sentence, { param: 'ip' });
}

/** Entries are addresses, or networks such as 10.0.0.0/8. */
function isListed(ip: string, allowlist: readonly string[]): boolean {
  const list = new BlockList();
  for (const entry of allowlist) {
    const [address = '', prefix] = entry.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return list.check(ip, isIP(ip) === 6 ? 'ipv6' : 'ipv4');
}

/** @throws Refusal where the key or the plan does not include the model. */
export function requireModel(
  model: string,
  { key, planModels }: { key: Key | null; planModels: readonly string[] | null },
): void {
  if (key !== null && key.allowedModels !== null && !key.allowedModels.includes(model)) {
    const sentence = `This key may not call "${model}": choose another model, or a key that may.`;
    throw new Refusal('model_not_allowed', sentence, { param: 'model' });
  }
  if (planModels === null || planModels.includes(model)) return;
  const sentence = `The plan includes no "${model}": choose another model, or another plan.`;
  throw new Refusal('model_not_allowed', sentence, { param: 'model' });
}
