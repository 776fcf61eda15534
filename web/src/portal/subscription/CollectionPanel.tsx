import { App, Radio } from 'antd';
import { useTranslations } from 'use-intl';
import { useChange } from '../../api/use-call.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import { useRefusalOf } from '../../features/session/allowed.ts';
import type { Subscription } from '../../features/subscription/subscription.ts';
import { Panel } from '../../ui/Panel.tsx';

/** What renewals are collected from; it takes effect as it is chosen. */
export function CollectionPanel({
  subscription: { id, provider },
}: {
  subscription: Subscription;
}) {
  const t = useTranslations('subscription');
  const tUi = useTranslations('ui');
  const { message } = App.useApp();
  const refusal = useRefusalOf()('setSubscriptionProvider');
  const set = useChange('setSubscriptionProvider', {
    refreshes: ['listSubscriptions', 'getSubscription'],
    onDone: () => void message.success(tUi('saved')),
  });
  return (
    <Panel title={t('collection')} note={t('collectionNote')}>
      <Radio.Group
        className="choices"
        aria-label={t('collection')}
        value={provider ?? 'link'}
        disabled={refusal !== undefined || set.isPending}
        onChange={({ target }) =>
          set.mutate({
            params: { id },
            body: { provider: target.value === 'wallet' ? 'wallet' : null },
          })
        }
      >
        <Radio value="wallet">
          {t('fromWallet')}
          <small className="soft tier">{t('fromWalletNote')}</small>
        </Radio>
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
