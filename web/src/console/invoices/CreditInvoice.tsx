/** Corrects an invoice by a credit note: first what is taken back, then in words what that does. */
import { App, Form, Input, Modal, Radio } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { newIdempotencyKey } from '../../api/idempotency-key.ts';
import { useChange } from '../../api/use-call.ts';
import { usePages } from '../../api/use-pages.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import { useFormRefusal } from '../../features/errors/form-refusal.ts';
import { useAmountText } from '../../ui/Amount.tsx';
import { ReasonField } from '../forms/ReasonQuestion.tsx';
import { positiveAmountPattern } from '../forms/rules.ts';
import { useOrganizationName } from '../organizations/OrganizationLink.tsx';
import { CreditLinesField } from './CreditLinesField.tsx';
import {
  type CreditForm,
  creditableLines,
  creditableTotal,
  sumOfLines,
  toCreditBody,
} from './credit.ts';
import type { Invoice } from './invoice.ts';
import { invoiceReads } from './invoice-reads.ts';

interface CreditInvoiceProps {
  invoice: Invoice;
  onClose: () => void;
}

export function CreditInvoice({ invoice, onClose }: CreditInvoiceProps) {
  const t = useTranslations('console.invoices');
  const tUi = useTranslations('ui');
  const tForms = useTranslations('console.forms');
  const [form] = Form.useForm<CreditForm>();
  const [asked, setAsked] = useState<CreditForm>();
  const credit = useCredit(invoice, { onClose, onRefused: () => setAsked(undefined) });
  const refusal = useFormRefusal(form, credit.error);
  return (
    <Modal
      open
      mask={{ closable: false }}
      title={t('creditTitle', { number: invoice.number ?? invoice.id })}
      okText={asked ? t('credit') : tForms('continue')}
      cancelText={asked ? tForms('back') : tUi('cancel')}
      okButtonProps={{ loading: credit.isPending }}
      onOk={() => (asked ? credit.submit(asked) : form.submit())}
      onCancel={() => (asked && !credit.isPending ? setAsked(undefined) : onClose())}
    >
      <div className="stack">
        <Refused error={asked ? null : refusal} />
        {asked && <Question invoice={invoice} asked={asked} />}
        <Form
          form={form}
          hidden={asked !== undefined}
          layout="vertical"
          initialValues={{ scope: 'whole', lines: {} }}
          onFinish={setAsked}
          onValuesChange={credit.renewKey}
        >
          <CreditFields invoice={invoice} />
        </Form>
      </div>
    </Modal>
  );
}

const scopes = ['whole', 'lines', 'amount'] as const;
const notesMax = 200;

function CreditFields({ invoice }: { invoice: Invoice }) {
  const t = useTranslations('console.invoices');
  const tForms = useTranslations('console.forms');
  const scope = Form.useWatch<CreditForm['scope'] | undefined>('scope') ?? 'whole';
  const notes = usePages('searchCreditNotes', {
    query: { invoice: invoice.id, limit: notesMax },
  });
  return (
    <>
      <Form.Item name="scope" label={t('creditScope')}>
        <Radio.Group
          vertical
          options={scopes.map((value) => ({ value, label: t(`creditScopes.${value}`) }))}
        />
      </Form.Item>
      {scope === 'lines' && (
        <Form.Item
          name="lines"
          label={t(invoice.tax_inclusive ? 'creditLinesGross' : 'creditLines')}
          rules={[{ validator: (_, lines) => checkLines(lines, tForms('linesRule')) }]}
        >
          <CreditLinesField
            currency={invoice.currency}
            lines={creditableLines(invoice, notes.rows ?? [])}
          />
        </Form.Item>
      )}
      {scope === 'amount' && (
        <Form.Item
          name="amount"
          label={t('creditAmount')}
          rules={[
            { required: true, pattern: positiveAmountPattern, message: tForms('positiveRule') },
          ]}
        >
          <Input
            inputMode="decimal"
            autoComplete="off"
            suffix={<span className="soft">{invoice.currency}</span>}
          />
        </Form.Item>
      )}
      <ReasonField />
    </>
  );
}

async function checkLines(lines: CreditForm['lines'] = {}, rule: string): Promise<void> {
  const amounts = Object.values(lines);
  const isGood = amounts.length > 0 && amounts.every((text) => positiveAmountPattern.test(text));
  if (!isGood) throw new Error(rule);
}

function Question({ invoice, asked }: { invoice: Invoice; asked: CreditForm }) {
  const t = useTranslations('console.invoices');
  const amountText = useAmountText();
  const money = (value: string) => amountText(value, invoice.currency, { isExact: true });
  const sums = {
    whole: () => creditableTotal(invoice),
    lines: () => sumOfLines(asked.lines ?? {}),
    amount: () => asked.amount ?? '0',
  };
  const isNet = asked.scope === 'lines' && !invoice.tax_inclusive && invoice.taxes.length > 0;
  const figures = {
    number: invoice.number ?? invoice.id,
    customer: useOrganizationName(invoice.organization) ?? invoice.customer.name,
    amount: money(sums[asked.scope]()),
  };
  return (
    <>
      <p>{t(isNet ? 'creditConfirmNet' : 'creditConfirm', figures)}</p>
      <p>{t('creditEffect', { due: money(invoice.due) })}</p>
      <p className="soft">{t('creditReason', { reason: asked.reason })}</p>
    </>
  );
}

/** One key for the life of the question: pressing twice, or again after a lost answer, credits once. */
function useCredit(invoice: Invoice, on: { onClose: () => void; onRefused: () => void }) {
  const t = useTranslations('console.invoices');
  const { message } = App.useApp();
  const [idempotencyKey, setIdempotencyKey] = useState(newIdempotencyKey);
  const change = useChange('createCreditNote', {
    refreshes: invoiceReads,
    onDone: ({ number }) => {
      void message.success(t('creditDone', { number: number ?? '' }));
      on.onClose();
    },
  });
  return {
    error: change.error,
    isPending: change.isPending,
    renewKey: () => setIdempotencyKey(newIdempotencyKey()),
    submit: (form: CreditForm) =>
      change.mutate(
        { params: { id: invoice.id }, body: toCreditBody(form), idempotencyKey },
        { onError: on.onRefused },
      ),
  };
}
