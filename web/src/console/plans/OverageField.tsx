/** What becomes of use past a quota; the quotas' own fields ask for its price where it is sold. */
import { Form, Select } from 'antd';
import { useTranslations } from 'use-intl';
import { overages } from './offer-form.ts';

export function OverageField() {
  const t = useTranslations('console.offer');
  return (
    <Form.Item name="overage" label={t('overage')} extra={t('overageNote')}>
      <Select options={overages.map((value) => ({ value, label: t(`overages.${value}`) }))} />
    </Form.Item>
  );
}
