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
  // What was delivered is counted here, though the upstream reported the whole.
  const isCounted =
    receipt.usage.estimated && (receipt.on_abort?.reported_output_tokens ?? null) === null;
  return (
    <>
      {isCounted && <Alert type="info" showIcon title={t('estimated')} />}
      {receipt.late && <Alert type="info" showIcon title={t('late')} />}
      {receipt.on_abort && <AbortNote abort={receipt.on_abort} />}
      <Panel>
        <ReceiptFacts receipt={receipt} />
      </Panel>
      {isPriced(receipt) && <Computation receipt={receipt} />}
      {Object.keys(receipt.meters).length > 0 && <MetersPanel meters={receipt.meters} />}
      <PaidByPanel receipt={receipt} />
    </>
  );
}

/** Which rule applied to a call whose caller left, and what it chose between. */
function AbortNote({ abort }: { abort: NonNullable<Receipt['on_abort']> }) {
  const t = useTranslations('receipt.aborts');
  const { policy, delivered_output_tokens: delivered, reported_output_tokens: reported } = abort;
  const made = reported === null ? t('notReported') : t('reported', { count: reported });
  return (
    <Alert
      type="info"
      showIcon
      title={t(policy)}
      description={`${t('deliveredCount', { count: delivered })} ${made}`}
    />
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
