/** What an operator may do about an invoice; what its state rules out says why. */
import { App } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { newIdempotencyKey } from '../../api/idempotency-key.ts';
import { useChange } from '../../api/use-call.ts';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { useAmountText } from '../../ui/Amount.tsx';
import { ReasonQuestion } from '../forms/ReasonQuestion.tsx';
import { useOrganizationName } from '../organizations/OrganizationLink.tsx';
import { RecordPayment } from '../payments/RecordPayment.tsx';
import { blocksOf } from './blocks.ts';
import { CreditInvoice } from './CreditInvoice.tsx';
import { DraftActions } from './DraftActions.tsx';
import type { Invoice } from './invoice.ts';
import { invoiceReads } from './invoice-reads.ts';
import { MarkPaid } from './MarkPaid.tsx';

type Question = 'mark' | 'record' | 'credit' | 'void' | 'write_off';

export function InvoiceActions({ invoice }: { invoice: Invoice }) {
  if (invoice.status === 'draft') return <DraftActions invoice={invoice} />;
  return <IssuedActions invoice={invoice} />;
}

function IssuedActions({ invoice }: { invoice: Invoice }) {
  const t = useTranslations('console.invoices');
  const tBlocks = useTranslations('console.invoices.blocks');
  const [asked, setAsked] = useState<Question>();
  const blocks = blocksOf(invoice);
  const because = (question: Question) => {
    const reason = blocks[question];
    return reason && tBlocks(reason);
  };
  const close = () => setAsked(undefined);
  return (
    <>
      <AllowedButton
        operation="markInvoicePaid"
        type={invoice.status === 'open' ? 'primary' : 'default'}
        blockedBecause={because('mark')}
        onClick={() => setAsked('mark')}
      >
        {t('mark')}
      </AllowedButton>
      <AllowedButton
        operation="recordManualPayment"
        blockedBecause={because('record')}
        onClick={() => setAsked('record')}
      >
        {t('recordPayment')}
      </AllowedButton>
      <AllowedButton
        operation="createCreditNote"
        blockedBecause={because('credit')}
        onClick={() => setAsked('credit')}
      >
        {t('credit')}
      </AllowedButton>
      <AllowedButton
        operation="writeOffInvoice"
        danger
        blockedBecause={because('write_off')}
        onClick={() => setAsked('write_off')}
      >
        {t('writeOff')}
      </AllowedButton>
      <AllowedButton
        operation="voidInvoice"
        danger
        blockedBecause={because('void')}
        onClick={() => setAsked('void')}
      >
        {t('void')}
      </AllowedButton>
      {asked === 'mark' && <MarkPaid invoice={invoice} onClose={close} />}
      {asked === 'record' && <RecordForInvoice invoice={invoice} onClose={close} />}
      {asked === 'credit' && <CreditInvoice invoice={invoice} onClose={close} />}
      {asked === 'void' && (
        <Ending operation="voidInvoice" words="void" invoice={invoice} onClose={close} />
      )}
      {asked === 'write_off' && (
        <Ending operation="writeOffInvoice" words="writeOff" invoice={invoice} onClose={close} />
      )}
    </>
  );
}

interface OfInvoice {
  invoice: Invoice;
  onClose: () => void;
}

function RecordForInvoice({ invoice, onClose }: OfInvoice) {
  const name = useOrganizationName(invoice.organization) ?? invoice.customer.name;
  return (
    <RecordPayment
      organization={{ id: invoice.organization, name }}
      invoice={invoice}
      currency={invoice.currency}
      onClose={onClose}
    />
  );
}

interface EndingProps extends OfInvoice {
  operation: 'voidInvoice' | 'writeOffInvoice';
  words: 'void' | 'writeOff';
}

function Ending({ operation, words, invoice, onClose }: EndingProps) {
  const t = useTranslations('console.invoices');
  const { message } = App.useApp();
  const [idempotencyKey] = useState(newIdempotencyKey);
  const figures = {
    number: invoice.number ?? invoice.id,
    customer: useOrganizationName(invoice.organization) ?? invoice.customer.name,
    amount: useAmountText()(invoice.due, invoice.currency, { isExact: true }),
  };
  const change = useChange(operation, {
    refreshes: invoiceReads,
    onDone: () => {
      void message.success(t(`${words}Done`, { number: figures.number }));
      onClose();
    },
  });
  return (
    <ReasonQuestion
      title={t(`${words}Title`, { number: figures.number })}
      content={t(`${words}Note`, figures)}
      okText={t(words)}
      error={change.error}
      isPending={change.isPending}
      onAnswer={(reason) =>
        change.mutate({ params: { id: invoice.id }, body: { reason }, idempotencyKey })
      }
      onClose={onClose}
    />
  );
}
