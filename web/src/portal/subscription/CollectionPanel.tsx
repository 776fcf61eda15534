import { useQuery } from '@tanstack/react-query';
import { App, Radio } from 'antd';
import { useTranslations } from 'use-intl';
import { reading, useChange } from '../../api/use-call.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import { useRefusalOf } from '../../features/session/allowed.ts';
import type { Subscription } from '../../features/subscription/subscription.ts';
import { Panel } from '../../ui/Panel.tsx';

/** What renewals are collected from; it takes effect as it is chosen. */
export function CollectionPanel({
  subscription: { id, provider, payment_method_id: method },
}: {
  subscription: Subscription;
}) {
  const t = useTranslations('subscription');
  const tUi = useTranslations('ui');
  const { message } = App.useApp();
  const refusal = useRefusalOf()('setSubscriptionProvider');
  const isAllowed = !useRefusalOf()('listPaymentMethods');
  const methods = useQuery({ ...reading('listPaymentMethods'), enabled: isAllowed });
  const known = methods.data?.data ?? [];
  const isGone = method !== null && !known.some((one) => one.id === method);
  const set = useChange('setSubscriptionProvider', {
    refreshes: ['listSubscriptions', 'getSubscription'],
    onDone: () => void message.success(tUi('saved')),
  });
  return (
    <Panel title={t('collection')} note={t('collectionNote')}>
      <Radio.Group
        className="choices"
        aria-label={t('collection')}
        value={provider ?? (isGone ? 'link' : (method ?? 'link'))}
        disabled={refusal !== undefined || set.isPending}
        onChange={({ target }) =>
          set.mutate({
            params: { id },
            body: renewalFrom(target.value),
          })
        }
      >
        <Radio value="wallet">
          {t('fromWallet')}
          <small className="soft tier">{t('fromWalletNote')}</small>
        </Radio>
        {known.map((one) => (
          <Radio key={one.id} value={one.id} disabled={one.expired}>
            {one.label}
            <small className="soft tier">{t(one.expired ? 'methodExpired' : 'byMethodNote')}</small>
          </Radio>
        ))}
        <Radio value="link">
          {t('byLink')}
          <small className="soft tier">{t('byLinkNote')}</small>
        </Radio>
      </Radio.Group>
      {refusal && <p className="soft">{refusal}</p>}
      <Refused error={set.error} />
    </Panel>
  );
}

function renewalFrom(choice: string): { provider: 'wallet' | null; payment_method_id?: string } {
  if (choice === 'wallet') return { provider: 'wallet' };
  return choice === 'link' ? { provider: null } : { provider: null, payment_method_id: choice };
}
