import { Form, Input } from 'antd';
import { useTranslations } from 'use-intl';
import { currencyPattern, toCapitals } from './rules.ts';

/** A currency by its three letters, as a form field named `currency`. Left empty, the deployment's own holds. */
export function CurrencyField({ isRequired = false }: { isRequired?: boolean }) {
  const t = useTranslations('console.forms');
  const tUi = useTranslations('ui');
  return (
    <Form.Item
      name="currency"
      label={tUi('currency')}
      normalize={toCapitals}
      rules={[{ required: isRequired, pattern: currencyPattern, message: t('currencyRule') }]}
    >
      <Input
        maxLength={3}
        placeholder={isRequired ? '' : t('currencyPlaceholder')}
        autoComplete="off"
      />
    </Form.Item>
  );
}
