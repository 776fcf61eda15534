import { useQuery } from '@tanstack/react-query';
import { App, Form, Input } from 'antd';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { reading, useChange } from '../../api/use-call.ts';
import { Failure, Refused } from '../../features/errors/Failure.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Panel } from '../../ui/Panel.tsx';

export function LowBalancePanel({ organizationId }: { organizationId: string }) {
  const low = useQuery(reading('getLowBalance', { params: { id: organizationId } }));
  if (low.error && !low.data) {
    return <Failure error={low.error} onRetry={() => void low.refetch()} />;
  }
  if (!low.data) return <Loading rows={2} />;
  return <LowForm organizationId={organizationId} low={low.data} />;
}

interface LowFormProps {
  organizationId: string;
  low: Answer<'getLowBalance'>;
}

function LowForm({ organizationId, low }: LowFormProps) {
  const t = useTranslations('notices.low');
  const tUi = useTranslations('ui');
  const { message } = App.useApp();
  const save = useChange('setLowBalance', {
    refreshes: ['getLowBalance'],
    onDone: () => void message.success(tUi('saved')),
  });
  return (
    <Panel title={t('title')}>
      <Refused error={save.error} />
      <Form<{ amount: string }>
        layout="vertical"
        initialValues={{ amount: low.amount }}
        onFinish={(body) => save.mutate({ params: { id: organizationId }, body })}
      >
        <Form.Item name="amount" label={t('below', { currency: low.currency })} extra={t('note')}>
          <Input inputMode="decimal" className="filter" />
        </Form.Item>
        <AllowedButton operation="setLowBalance" htmlType="submit" loading={save.isPending}>
          {tUi('save')}
        </AllowedButton>
      </Form>
    </Panel>
  );
}
