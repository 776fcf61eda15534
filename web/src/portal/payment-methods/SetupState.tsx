import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Alert } from 'antd';
import { useEffect } from 'react';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { reading } from '../../api/use-call.ts';
import { Failure } from '../../features/errors/Failure.tsx';
import { DeclineReason } from '../../features/payment/DeclineReason.tsx';
import { PayStep } from '../../features/payment/PayStep.tsx';
import { paths } from '../../paths.ts';
import { Panel } from '../../ui/Panel.tsx';

type Setup = Answer<'getPaymentMethodSetup'>['setup'];

const route = getRouteApi('/portal/billing/payment-methods');
const pollIntervalMs = 1_500;

/** What became of a method that the payer went to store. */
export function SetupState() {
  const { setup: id } = route.useSearch();
  const client = useQueryClient();
  const setup = useQuery({
    ...reading('getPaymentMethodSetup', { params: { id: id ?? '' } }),
    enabled: id !== undefined,
    refetchInterval: ({ state }) =>
      state.data?.setup.status === 'pending' ? pollIntervalMs : false,
  });
  const status = setup.data?.setup.status;
  useEffect(() => {
    if (status === 'stored') void client.invalidateQueries({ queryKey: ['listPaymentMethods'] });
  }, [client, status]);
  if (id === undefined) return null;
  if (setup.error) {
    return <Failure error={setup.error} onRetry={() => void setup.refetch()} />;
  }
  return setup.data ? <Shown setup={setup.data.setup} /> : null;
}

function Shown({ setup }: { setup: Setup }) {
  const t = useTranslations('paymentMethods');
  const navigate = useNavigate();
  const onClose = () => void navigate({ to: paths.paymentMethods, search: {}, replace: true });
  const closable = { closeIcon: true, onClose };
  switch (setup.status) {
    case 'stored':
      return (
        <Alert
          type="success"
          showIcon
          closable={closable}
          title={t('stored', { label: setup.payment_method?.label ?? '' })}
        />
      );
    case 'pending':
      return (
        <Panel title={t('waiting')} note={t('waitingNote')}>
          <PayStep next={setup.next} expiresAt={setup.expires_at} />
        </Panel>
      );
    default:
      return (
        <>
          <Alert type="error" showIcon closable={closable} title={t('notStored')} />
          <DeclineReason code={setup.decline_code} />
        </>
      );
  }
}
