/** A call's receipt: what was used, what it cost and why, and what paid for it. */
import { Alert } from 'antd';
import { useTranslations } from 'use-intl';
import { Amount } from '../../ui/Amount.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { Id } from '../../ui/Id.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { When } from '../../ui/When.tsx';
import { Computation } from './Computation.tsx';
import { CallOutcome } from './columns.tsx';
import { MetersPanel } from './MetersPanel.tsx';
import { PaidByPanel } from './PaidByPanel.tsx';
import { isPriced, type Receipt } from './recompute.ts';

export function ReceiptPanels({ receipt }: { receipt: Receipt }) {
  const t = useTranslations('receipt');
  return (
    <>
      {receipt.usage.estimated && <Alert type="info" showIcon title={t('estimated')} />}
      {receipt.late && <Alert type="info" showIcon title={t('late')} />}
      <Panel>
        <ReceiptFacts receipt={receipt} />
      </Panel>
      {isPriced(receipt) && <Computation receipt={receipt} />}
      {Object.keys(receipt.meters).length > 0 && <MetersPanel meters={receipt.meters} />}
      <PaidByPanel receipt={receipt} />
    </>
  );
}

function ReceiptFacts({ receipt }: { receipt: Receipt }) {
  const t = useTranslations('receipt');
  const tCalls = useTranslations('calls');
  const duration = (ms: number | null) => (ms === null ? '–' : t('ms', { ms }));
  return (
    <Facts
      items={[
        {
          label: t('cost'),
          value: <Amount value={receipt.amount} currency={receipt.currency} isExact />,
        },
        ...(receipt.model === null
          ? []
          : [{ label: tCalls('model'), value: <code>{receipt.model}</code> }]),
        { label: tCalls('outcome'), value: <CallOutcome outcome={receipt.outcome} /> },
        { label: tCalls('started'), value: <When at={receipt.started_at} show="second" /> },
        { label: t('settled'), value: <When at={receipt.settled_at} show="second" /> },
        { label: t('latency'), value: duration(receipt.latency_ms) },
        { label: t('firstToken'), value: duration(receipt.first_token_ms) },
        { label: t('requestId'), value: <Id value={receipt.request_id} /> },
        ...(receipt.api_key
          ? [{ label: tCalls('key'), value: <Id value={receipt.api_key} /> }]
          : []),
      ]}
    />
  );
}
