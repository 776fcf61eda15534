import { useQuery } from '@tanstack/react-query';
import { App, Tag } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { reading, useChange } from '../../api/use-call.ts';
import { Failure, Refused } from '../../features/errors/Failure.tsx';
import { useProviderName } from '../../features/payment/providers.ts';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { When } from '../../ui/When.tsx';
import { BillingNav } from '../billing/BillingNav.tsx';
import { AddMethod } from './AddMethod.tsx';
import { RemoveMethod } from './RemoveMethod.tsx';
import { SetupState } from './SetupState.tsx';

export type PaymentMethod = Answer<'listPaymentMethods'>['data'][number];

/** What can be charged without going anywhere. */
export function PaymentMethodsPage() {
  const t = useTranslations('paymentMethods');
  const [isAdding, setAdding] = useState(false);
  const providers = useQuery(reading('listPaymentProviders'));
  const storing = providers.data?.data.filter(({ stores_methods: stores }) => stores) ?? [];
  return (
    <div className="page">
      <PageHeader
        title={t('title')}
        note={t('note')}
        actions={
          <AllowedButton
            operation="setUpPaymentMethod"
            type="primary"
            blockedBecause={providers.data && storing.length === 0 ? t('nobodyStores') : undefined}
            onClick={() => setAdding(true)}
          >
            {t('add')}
          </AllowedButton>
        }
      />
      <BillingNav />
      <SetupState />
      <Panel>
        <Methods />
      </Panel>
      {isAdding && <AddMethod providers={storing} onClose={() => setAdding(false)} />}
    </div>
  );
}

function Methods() {
  const t = useTranslations('paymentMethods');
  const methods = useQuery(reading('listPaymentMethods'));
  const [removed, setRemoved] = useState<PaymentMethod>();
  if (methods.error && !methods.data) {
    return <Failure error={methods.error} onRetry={() => void methods.refetch()} />;
  }
  if (!methods.data) return <Loading rows={4} />;
  if (methods.data.data.length === 0)
    return <EmptyState title={t('none')}>{t('noneNote')}</EmptyState>;
  return (
    <>
      <ul className="records">
        {methods.data.data.map((method) => (
          <li key={method.id}>
            <Method method={method} onRemove={() => setRemoved(method)} />
          </li>
        ))}
      </ul>
      {removed && <RemoveMethod method={removed} onClose={() => setRemoved(undefined)} />}
    </>
  );
}

function Method({ method, onRemove }: { method: PaymentMethod; onRemove: () => void }) {
  const t = useTranslations('paymentMethods');
  const tUi = useTranslations('ui');
  const { message } = App.useApp();
  const providerName = useProviderName();
  const { id, label, provider, kind, expires, expired } = method;
  const set = useChange('updatePaymentMethod', {
    refreshes: ['listPaymentMethods'],
    onDone: () => void message.success(tUi('saved')),
  });
  return (
    <div className="record">
      <div>
        <strong>{label}</strong> {method.default && <Tag>{t('default')}</Tag>}
        {expired && <Tag color="error">{t('expired')}</Tag>}
        <p className="soft">
          {t(`kinds.${kind}`)} · {providerName(provider)}
          {expires && ` · ${t('expires', { month: expires })}`}
          {method.confirmed_at && (
            <>
              {' · '}
              {t('confirmed')} <When at={method.confirmed_at} />
            </>
          )}
        </p>
        <Refused error={set.error} />
      </div>
      <div className="actions">
        {!method.default && (
          <AllowedButton
            operation="updatePaymentMethod"
            loading={set.isPending}
            onClick={() => set.mutate({ params: { id }, body: { default: true } })}
          >
            {t('makeDefault')}
          </AllowedButton>
        )}
        <AllowedButton operation="removePaymentMethod" danger onClick={onRemove}>
          {t('remove')}
        </AllowedButton>
      </div>
    </div>
  );
}
