/** Actions of the log in words. One that is newer than this app is shown as it is written there. */
import { useTranslations } from 'use-intl';

export const knownActions = [
  'api_key.create',
  'api_key.revoke',
  'api_key.update',
  'channel.create',
  'channel.delete',
  'channel.update',
  'invoice.pay',
  'invoice.void',
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
  'provider.update',
  'session.end',
  'setting.write',
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
