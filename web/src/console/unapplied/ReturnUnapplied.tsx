import { App } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { newIdempotencyKey } from '../../api/idempotency-key.ts';
import { useChange } from '../../api/use-call.ts';
import { useProviderName } from '../../features/payment/providers.ts';
import { useAmountText } from '../../ui/Amount.tsx';
import { ReasonQuestion } from '../forms/ReasonQuestion.tsx';
import { unappliedReads } from './unapplied-reads.ts';

/** Gives money that fitted nothing back to its payer, all of it. */
export function ReturnUnapplied({
  money,
  onClose,
}: {
  money: Answer<'listUnapplied'>['data'][number];
  onClose: () => void;
}) {
  const t = useTranslations('console.parked');
  const { message } = App.useApp();
  const [idempotencyKey, setIdempotencyKey] = useState(newIdempotencyKey);
  const provider = useProviderName()(money.provider);
  const amount = useAmountText()(money.amount, money.currency, { isExact: true });
  const change = useChange('returnUnapplied', {
    refreshes: unappliedReads,
    onDone: ({ state }) => {
      const isReturned = state === 'returned';
      void (isReturned ? message.success(t('returned')) : message.error(t('notReturned')));
      onClose();
    },
  });
  return (
    <ReasonQuestion
      title={t('returnTitle', { amount })}
      content={t('returnNote', { provider })}
      okText={t('return')}
      error={change.error}
      isPending={change.isPending}
      onAnswer={(reason) =>
        change.mutate(
          { params: { id: money.id }, body: { reason }, idempotencyKey },
          { onError: () => setIdempotencyKey(newIdempotencyKey()) },
        )
      }
      onClose={onClose}
    />
  );
}
