import { Form, Input } from 'antd';
import { useTranslations } from 'use-intl';
import { useCountryName } from '../../features/invoice/countries.ts';
import { countryPattern, toCapitals } from './rules.ts';

/** A country by its two letters, as a form field named `country`; its name stands below. */
export function CountryField({ isRequired = false }: { isRequired?: boolean }) {
  const t = useTranslations('console.forms');
  const countryName = useCountryName();
  const code = Form.useWatch<string | undefined>('country') ?? '';
  return (
    <Form.Item
      name="country"
      label={t('country')}
      extra={countryPattern.test(code) ? countryName(code) : t('countryNote')}
      normalize={toCapitals}
      rules={[{ required: isRequired, pattern: countryPattern, message: t('countryRule') }]}
    >
      <Input maxLength={2} autoComplete="off" />
    </Form.Item>
  );
}
