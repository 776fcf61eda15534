import { Form, InputNumber } from 'antd';
import { useTranslations } from 'use-intl';
import { CurrencyField } from '../forms/CurrencyField.tsx';
import { OrganizationSelect } from '../organizations/OrganizationFilter.tsx';
import { LinesField } from './LinesField.tsx';

const termDaysMax = 365;

/** Whose it is cannot be changed of a draft. */
export function InvoiceFields({ isDraft = false }: { isDraft?: boolean }) {
  const t = useTranslations('console.writeInvoice');
  const tPayments = useTranslations('console.payments');
  return (
    <>
      <Form.Item
        name="organization"
        label={t('customer')}
        hidden={isDraft}
        rules={[{ required: true, message: t('customerRule') }]}
      >
        <OrganizationSelect label={t('customer')} placeholder={tPayments('customerPlaceholder')} />
      </Form.Item>
      <div hidden={isDraft}>
        <CurrencyField isRequired />
      </div>
      <h3>{t('lines')}</h3>
      <p className="soft form-note">{t('linesNote')}</p>
      <LinesField />
      <Form.Item name="due_in_days" label={t('dueInDays')} extra={t('dueInDaysNote')}>
        <InputNumber
          min={0}
          max={termDaysMax}
          precision={0}
          className="full"
          placeholder={t('byTerms')}
        />
      </Form.Item>
    </>
  );
}
