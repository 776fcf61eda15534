/** Actions of the log in words. One that is newer than this app is shown as it is written there. */
import { useTranslations } from 'use-intl';

export const knownActions = [
  'api_key.create',
  'api_key.revoke',
  'api_key.rotate',
  'api_key.update',
  'application.create',
  'application.update',
  'application_key.create',
  'application_key.revoke',
  'channel.create',
  'channel.delete',
  'channel.update',
  'feature.create',
  'feature.update',
  'features.set',
  'grant.give',
  'invoice.pay',
  'invoice.void',
  'meter.create',
  'meter.update',
  'model_price.create',
  'organization.create',
  'organization.set_status',
  'organization.update',
  'package.activate',
  'package.cancel',
  'package.create',
  'package.delete',
  'package.lapse',
  'package.purchase',
  'package.update',
  'payment.park',
  'payment.record_manual',
  'payment.settle',
  'plan.create',
  'plan.end',
  'plan.give',
  'plan.update',
  'provider.update',
  'quota_override.remove',
  'quota_override.set',
  'session.end',
  'setting.write',
  'subject.register',
  'subject.remove',
  'user.create',
  'user.create_admin',
  'user.forgot_password',
  'user.login',
  'user.login_failed',
  'user.logout',
  'user.register',
  'user.reset_password',
  'user.update',
  'user.verify_email',
  'wallet.top_up',
] as const;

export function useActionName(): (action: string) => string | undefined {
  const t = useTranslations('console.audit.names');
  return (action) => {
    const known = knownActions.find((candidate) => candidate === action);
    return known && t(known);
  };
}
