import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Drawer, Form, Radio } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { newIdempotencyKey } from '../../api/idempotency-key.ts';
import { useChange } from '../../api/use-call.ts';
import { deploymentQuery } from '../../features/deployment/deployment.ts';
import { Failure } from '../../features/errors/Failure.tsx';
import { paths } from '../../paths.ts';
import { useAmountText } from '../../ui/Amount.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { FormDrawer } from '../forms/FormDrawer.tsx';
import { useConfirm } from '../forms/use-confirm.ts';
import { useOrganizationName } from '../organizations/OrganizationLink.tsx';
import { InvoiceFields } from './InvoiceFields.tsx';
import type { Invoice } from './invoice.ts';
import {
  emptyLine,
  type InvoiceForm,
  invoiceFormOf,
  type LineForm,
  subtotalOf,
  toDraftChange,
  toInvoiceBody,
} from './invoice-form.ts';
import { invoiceReads } from './invoice-reads.ts';

interface WriteInvoiceProps {
  /** Whose it is to be, as a proposal. */
  organization: string | undefined;
  onClose: () => void;
}

/** An invoice by hand: kept as a draft, or issued at once. */
export function WriteInvoice({ organization, onClose }: WriteInvoiceProps) {
  const t = useTranslations('console.writeInvoice');
  const deployment = useQuery(deploymentQuery);
  if (deployment.data) {
    const { currency } = deployment.data;
    return <NewInvoice organization={organization} currency={currency} onClose={onClose} />;
  }
  return (
    <Drawer open size={760} title={t('title')} onClose={onClose}>
      {deployment.error ? <Failure error={deployment.error} /> : <Loading rows={8} />}
    </Drawer>
  );
}

function NewInvoice({ organization, currency, onClose }: WriteInvoiceProps & { currency: string }) {
  const t = useTranslations('console.writeInvoice');
  const navigate = useNavigate();
  const [form] = Form.useForm<InvoiceForm>();
  const keep = Form.useWatch('keep', form) ?? 'draft';
  const [idempotencyKey, setIdempotencyKey] = useState(newIdempotencyKey);
  const ask = useIssueQuestion(Form.useWatch('organization', form));
  const create = useChange('createInvoice', {
    refreshes: invoiceReads,
    onDone: ({ id }) => void navigate({ to: paths.consoleInvoice, params: { id } }),
  });
  const submit = (fields: InvoiceForm) => {
    const request = { body: toInvoiceBody(fields), idempotencyKey };
    if (fields.keep !== 'issue') create.mutate(request);
    else ask(fields, () => create.mutateAsync(request));
  };
  return (
    <FormDrawer
      isWide
      title={t('title')}
      operation="createInvoice"
      submitLabel={t(keep === 'issue' ? 'issue' : 'saveDraft')}
      form={form}
      initialValues={{
        ...(organization && { organization }),
        ...{ currency, keep: 'draft', lines: [emptyLine as LineForm] },
      }}
      error={create.error}
      isPending={create.isPending}
      onSubmit={submit}
      onChange={() => setIdempotencyKey(newIdempotencyKey())}
      onClose={onClose}
    >
      <InvoiceFields />
      <Form.Item name="keep" label={t('keep')}>
        <Radio.Group
          vertical
          options={(['draft', 'wait', 'issue'] as const).map((value) => ({
            value,
            label: t(`keeps.${value}`),
          }))}
        />
      </Form.Item>
    </FormDrawer>
  );
}

/** Says the amount and the customer before an invoice goes out. */
function useIssueQuestion(organization: string | undefined) {
  const t = useTranslations('console.writeInvoice');
  const confirm = useConfirm();
  const amountText = useAmountText();
  const name = useOrganizationName(organization || undefined);
  return ({ lines, currency = '' }: InvoiceForm, act: () => Promise<unknown>) =>
    confirm({
      title: t('issueTitle'),
      content: t('issueNote', {
        customer: name ?? organization ?? '',
        amount: amountText(subtotalOf(lines) ?? '0', currency, { isExact: true }),
      }),
      okText: t('issue'),
      act,
    });
}

export function EditDraft({ invoice, onClose }: { invoice: Invoice; onClose: () => void }) {
  const t = useTranslations('console.writeInvoice');
  const tUi = useTranslations('ui');
  const [form] = Form.useForm<InvoiceForm>();
  const update = useChange('updateInvoice', { refreshes: invoiceReads, onDone: onClose });
  return (
    <FormDrawer
      isWide
      title={t('editTitle', { customer: invoice.customer.name })}
      operation="updateInvoice"
      submitLabel={tUi('save')}
      form={form}
      initialValues={invoiceFormOf(invoice)}
      error={update.error}
      isPending={update.isPending}
      onSubmit={(fields) =>
        update.mutate({ params: { id: invoice.id }, body: toDraftChange(fields) })
      }
      onClose={onClose}
    >
      <InvoiceFields isDraft />
    </FormDrawer>
  );
}
