import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { useDeployment } from '../../features/deployment/deployment.ts';
import { useAmountText } from '../../ui/Amount.tsx';
import { When } from '../../ui/When.tsx';

type ApiKey = Answer<'listApiKeys'>['data'][number];

/** What a key is bound to, in a few words. */
export function KeyLimits({ apiKey }: { apiKey: ApiKey }) {
  const t = useTranslations('keys');
  const amount = useAmountText();
  const currency = useDeployment()?.usage_currency ?? 'USD';
  const { rate_limits, spend_caps, ip_allowlist, tags, previous_expires_at } = apiKey;
  const words = [
    ...(['day', 'month', 'total'] as const).flatMap((window) => {
      const cap = spend_caps[window];
      return cap === null ? [] : [t(`limits.caps.${window}`, { amount: amount(cap, currency) })];
    }),
    ...(['rpm', 'tpm', 'concurrency'] as const).flatMap((name) => {
      const count = rate_limits[name];
      return count === null ? [] : [t(`limits.rates.${name}`, { count })];
    }),
    ...(ip_allowlist === null ? [] : [t('limits.from', { addresses: ip_allowlist.join(', ') })]),
    ...tags,
  ];
  return (
    <span>
      {words.length === 0 ? '–' : words.join(' · ')}
      {previous_expires_at && (
        <span className="soft">
          {' '}
          {t.rich('oldSecretUntil', { when: () => <When at={previous_expires_at} /> })}
        </span>
      )}
    </span>
  );
}
