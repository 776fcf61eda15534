/** Whether a key and its organization may be served at all, before anything is counted. */
import { Refusal } from '../../platform/errors.ts';
import { type Key, mayUseFrom, type StatusDecision } from '../identity/index.ts';

/** @throws Refusal for a key that has expired, or is used from where it may not be. */
export function requireUsable(key: Key, { ip, now }: { ip: string | undefined; now: Date }): void {
  if (key.expiresAt !== null && key.expiresAt <= now) {
    const sentence = 'This key has expired: ask the customer for another one.';
    throw new Refusal('subject_unknown', sentence, { param: 'subject.api_key' });
  }
  if (mayUseFrom(key, ip ?? null)) return;
  const sentence =
    ip === undefined
      ? 'This key allows some addresses only: send the customer\'s address as "ip".'
      : `This key may not be used from ${ip}: use it from an address that it allows.`;
  throw new Refusal('ip_not_allowed', sentence, { param: 'ip' });
}

const sentences = {
  organization_suspended: 'This organization is suspended: its owner can ask support why.',
  user_suspended:
    'The person whose key or use this is is suspended: somebody else of the organization has to go on.',
  organization_past_due: 'This organization has not paid in time: it has to pay its open invoices.',
};

/** @throws Refusal for an organization that may not be served. */
export function requirePermitted(decision: StatusDecision): void {
  if (decision.permitted) return;
  throw new Refusal(decision.code, sentences[decision.code], { param: 'subject' });
}

/** @throws Refusal where neither the model nor its group is among those of the key, or of the plan. */
export function requireModel(
  model: string,
  {
    key,
    planModels,
    names,
  }: {
    key: Key | null;
    planModels: readonly string[] | null;
    /** Whether a list names the model, or its group. */
    names(list: readonly string[]): boolean;
  },
): void {
  if (key !== null && key.allowedModels !== null && !names(key.allowedModels)) {
    const sentence = `This key may not call "${model}": choose another model, or a key that may.`;
    throw new Refusal('model_not_allowed', sentence, { param: 'model' });
  }
  if (planModels === null || names(planModels)) return;
  const sentence = `The plan includes no "${model}": choose another model, or another plan.`;
  throw new Refusal('model_not_allowed', sentence, { param: 'model' });
}
