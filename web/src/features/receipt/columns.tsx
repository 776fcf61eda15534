import { useFormatter, useTranslations } from 'use-intl';
import { Amount } from '../../ui/Amount.tsx';
import type { Column } from '../../ui/DataTable.tsx';
import { Status, type Tone } from '../../ui/Status.tsx';
import { When } from '../../ui/When.tsx';
import { ReceiptLink, type ReceiptPath } from './ReceiptLink.tsx';
import type { Receipt } from './recompute.ts';

/** Calls as they are listed everywhere; `to` is the page of one. */
export function useReceiptColumns<R extends Receipt>(to: ReceiptPath): Column<R>[] {
  const t = useTranslations('calls');
  const format = useFormatter();
  const count = (tokens: number) => format.number(tokens);
  return [
    { title: t('started'), cell: (receipt) => <When at={receipt.started_at} show="second" /> },
    {
      title: t('model'),
      cell: (receipt) => <code>{receipt.model ?? Object.keys(receipt.meters).join(', ')}</code>,
    },
    {
      title: t('tokens'),
      align: 'end',
      cell: ({ usage }) => (
        <span className="figure">
          {count(usage.input_tokens)} / {count(usage.output_tokens)}
        </span>
      ),
    },
    {
      title: t('amount'),
      align: 'end',
      cell: (receipt) => <Amount value={receipt.amount} currency={receipt.currency} />,
    },
    { title: t('paidBy'), cell: (receipt) => <PaidBy receipt={receipt} /> },
    { title: t('outcome'), cell: (receipt) => <CallOutcome outcome={receipt.outcome} /> },
    {
      title: t('receipt'),
      isActions: true,
      cell: (receipt) => <ReceiptLink receipt={receipt} to={to} />,
    },
  ];
}

function PaidBy({ receipt }: { receipt: Receipt }) {
  const t = useTranslations('calls.kinds');
  const kinds = [...new Set(receipt.paid_by.map(({ kind }) => kind))];
  return kinds.length === 0 ? '–' : kinds.map((kind) => t(kind)).join(' + ');
}

const tones: Record<Receipt['outcome'], Tone> = {
  completed: 'good',
  aborted: 'warning',
  upstream_error: 'bad',
};

export function CallOutcome({ outcome }: { outcome: Receipt['outcome'] }) {
  const t = useTranslations('calls.outcomes');
  return <Status tone={tones[outcome]}>{t(outcome)}</Status>;
}
