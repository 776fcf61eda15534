import { App, Modal, Radio } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { newIdempotencyKey } from '../../api/idempotency-key.ts';
import { useChange } from '../../api/use-call.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import { When } from '../../ui/When.tsx';
import { useOrganizationName } from '../organizations/OrganizationLink.tsx';
import { canEndLater, type Subscription, subscriptionReads } from './subscription.ts';

interface EndSubscriptionProps {
  subscription: Subscription;
  onClose: () => void;
}

/** Ends a customer's subscription: now, or when what is paid ends. */
export function EndSubscription({ subscription, onClose }: EndSubscriptionProps) {
  const t = useTranslations('console.subscriptions');
  const tUi = useTranslations('ui');
  const tOwn = useTranslations('subscription');
  const { message } = App.useApp();
  const { id, plan, period } = subscription;
  const canWait = canEndLater(subscription);
  const [when, setWhen] = useState<'now' | 'period_end'>(canWait ? 'period_end' : 'now');
  const [idempotencyKey, setIdempotencyKey] = useState(newIdempotencyKey);
  const customer = useOrganizationName(subscription.organization) ?? subscription.organization;
  const end = useChange('endSubscription', {
    refreshes: subscriptionReads,
    onDone: () => {
      void message.success(t('endDone'));
      onClose();
    },
  });
  return (
    <Modal
      open
      mask={{ closable: false }}
      title={t('endTitle', { plan: plan.name, customer })}
      okText={t('end')}
      cancelText={tUi('cancel')}
      okButtonProps={{ danger: true, loading: end.isPending }}
      onOk={() => end.mutate({ params: { id }, body: { when }, idempotencyKey })}
      onCancel={onClose}
    >
      <div className="stack">
        <Refused error={end.error} />
        {canWait && (
          <Radio.Group
            vertical
            aria-label={tOwn('when')}
            value={when}
            onChange={({ target }) => {
              setWhen(target.value);
              setIdempotencyKey(newIdempotencyKey());
            }}
          >
            <Radio value="period_end">
              {tOwn.rich('atPeriodEnd', {
                when: () => <When at={period.to ?? period.from} show="day" />,
              })}
            </Radio>
            <Radio value="now">{tOwn('now')}</Radio>
          </Radio.Group>
        )}
        <p>{t(when === 'now' ? 'endNowNote' : 'endLaterNote', { customer })}</p>
      </div>
    </Modal>
  );
}
