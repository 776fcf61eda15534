import { Form, Input } from 'antd';
import { useTranslations } from 'use-intl';
import { CurrencyField } from '../forms/CurrencyField.tsx';
import { positiveAmountPattern } from '../forms/rules.ts';
import { OrganizationSelect } from '../organizations/OrganizationFilter.tsx';

export interface ManualPaymentForm {
  organization: string;
  amount: string;
  currency: string;
  invoice?: string;
  note: string;
}

export function RecordPaymentFields({ isCustomerFixed }: { isCustomerFixed: boolean }) {
  const t = useTranslations('console.payments');
  const tUi = useTranslations('ui');
  const tForms = useTranslations('console.forms');
  return (
    <>
      <Form.Item
        name="organization"
        label={t('customer')}
        hidden={isCustomerFixed}
        rules={[{ required: true, message: t('customerRule') }]}
      >
        <OrganizationSelect label={t('customer')} placeholder={t('customerPlaceholder')} />
      </Form.Item>
      <div className="fields">
        <Form.Item
          name="amount"
          label={tUi('amount')}
          rules={[
            { required: true, pattern: positiveAmountPattern, message: tForms('positiveRule') },
          ]}
        >
          <Input inputMode="decimal" placeholder="100.00" autoComplete="off" />
        </Form.Item>
        <CurrencyField isRequired />
      </div>
      <Form.Item
        name="note"
        label={t('source')}
        extra={t('sourceNote')}
        rules={[{ required: true, whitespace: true, message: t('sourceRule') }]}
      >
        <Input maxLength={500} placeholder={t('sourcePlaceholder')} />
      </Form.Item>
      <Form.Item name="invoice" label={t('invoice')} extra={t('invoiceNote')}>
        <Input maxLength={100} placeholder="inv_…" autoComplete="off" />
      </Form.Item>
    </>
  );
}
