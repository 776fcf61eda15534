/** What may be done about a draft; those of subscriptions are finalized with their billing run. */
import { useNavigate } from '@tanstack/react-router';
import { App } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { newIdempotencyKey } from '../../api/idempotency-key.ts';
import { useChange } from '../../api/use-call.ts';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { paths } from '../../paths.ts';
import { useAmountText } from '../../ui/Amount.tsx';
import { useConfirm } from '../forms/use-confirm.ts';
import type { Invoice } from './invoice.ts';
import { invoiceReads } from './invoice-reads.ts';
import { EditDraft } from './WriteInvoice.tsx';

export function DraftActions({ invoice }: { invoice: Invoice }) {
  const t = useTranslations('console.writeInvoice');
  const [isEditing, setEditing] = useState(false);
  const why = invoice.kind === 'manual' ? undefined : t('notByHand');
  const issue = useIssue(invoice);
  const discard = useDiscard(invoice);
  return (
    <>
      <AllowedButton
        operation="finalizeInvoice"
        type="primary"
        blockedBecause={why}
        onClick={issue}
      >
        {t('issue')}
      </AllowedButton>
      <AllowedButton
        operation="updateInvoice"
        blockedBecause={why}
        onClick={() => setEditing(true)}
      >
        {t('edit')}
      </AllowedButton>
      <AllowedButton operation="discardInvoice" danger blockedBecause={why} onClick={discard}>
        {t('discard')}
      </AllowedButton>
      {isEditing && <EditDraft invoice={invoice} onClose={() => setEditing(false)} />}
    </>
  );
}

function useIssue({ id, customer, total, currency }: Invoice) {
  const t = useTranslations('console.writeInvoice');
  const { message } = App.useApp();
  const confirm = useConfirm();
  const amountText = useAmountText();
  const [idempotencyKey] = useState(newIdempotencyKey);
  const finalize = useChange('finalizeInvoice', {
    refreshes: invoiceReads,
    onDone: ({ number }) => void message.success(t('issued', { number: number ?? '' })),
  });
  return () =>
    confirm({
      title: t('issueTitle'),
      content: t('issueDraftNote', {
        customer: customer.name,
        amount: amountText(total, currency, { isExact: true }),
      }),
      okText: t('issue'),
      act: () => finalize.mutateAsync({ params: { id }, body: {}, idempotencyKey }),
    });
}

function useDiscard({ id, customer }: Invoice) {
  const t = useTranslations('console.writeInvoice');
  const navigate = useNavigate();
  const confirm = useConfirm();
  const discard = useChange('discardInvoice', { refreshes: ['searchInvoices'] });
  return () =>
    confirm({
      title: t('discardTitle', { customer: customer.name }),
      content: t('discardNote'),
      okText: t('discard'),
      isDanger: true,
      act: async () => {
        await discard.mutateAsync({ params: { id } });
        await navigate({ to: paths.consoleInvoices });
      },
    });
}
