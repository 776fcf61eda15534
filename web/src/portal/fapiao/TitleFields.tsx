import { Form, Input, Radio } from 'antd';
import type { Rule } from 'antd/es/form';
import { useTranslations } from 'use-intl';
import type { RequestForm } from './request.ts';

const taxNumberPattern = /^([0-9A-Z]{15}|[0-9A-Z]{17,18}|[0-9A-Z]{20})$/;
const phonePattern = /^[0-9+() -]{5,30}$/;
const accountPattern = /^[0-9A-Z -]{5,40}$/;

/** Who the fapiao is made out to, and where it is mailed. */
export function TitleFields() {
  const t = useTranslations('fapiao.form');
  const tKinds = useTranslations('fapiao.titleKinds');
  const kind = Form.useWatch<RequestForm['title']['kind']>(['title', 'kind']);
  const isCompany = kind !== 'individual';
  return (
    <>
      <Form.Item name={['title', 'kind']} label={t('kind')}>
        <Radio.Group
          options={[
            { value: 'company', label: tKinds('company') },
            { value: 'individual', label: tKinds('individual') },
          ]}
        />
      </Form.Item>
      {isCompany && <VatField />}
      <div className="fields">
        <Form.Item
          name={['title', 'name']}
          label={t(isCompany ? 'companyName' : 'personName')}
          rules={[{ required: true, whitespace: true, message: t('nameRule') }]}
        >
          <Input maxLength={100} autoComplete={isCompany ? 'organization' : 'name'} />
        </Form.Item>
        {isCompany && <TaxNumberField />}
      </div>
      {isCompany && <CompanyFields />}
      <Form.Item
        name={['title', 'email']}
        label={t('email')}
        rules={[{ required: true, type: 'email', message: t('emailRule') }]}
      >
        <Input maxLength={254} autoComplete="email" />
      </Form.Item>
    </>
  );
}

function VatField() {
  const t = useTranslations('fapiao.form');
  const tVats = useTranslations('fapiao.vats');
  return (
    <Form.Item name="vat" label={t('vat')} extra={t('vatNote')}>
      <Radio.Group
        options={[
          { value: 'general', label: tVats('general') },
          { value: 'special', label: tVats('special') },
        ]}
      />
    </Form.Item>
  );
}

function TaxNumberField() {
  const t = useTranslations('fapiao.form');
  return (
    <Form.Item
      name={['title', 'tax_number']}
      label={t('taxNumber')}
      extra={t('taxNumberNote')}
      normalize={(text?: string) => text?.trim().toUpperCase()}
      rules={[{ required: true, pattern: taxNumberPattern, message: t('taxNumberRule') }]}
    >
      <Input maxLength={20} autoComplete="off" />
    </Form.Item>
  );
}

/** Needed on a special one; a company may want them on a general one too. */
function CompanyFields() {
  const t = useTranslations('fapiao.form');
  const isSpecial = Form.useWatch<RequestForm['vat']>('vat') === 'special';
  const needed: Rule = { required: isSpecial, whitespace: isSpecial, message: t('detailRule') };
  const extra = isSpecial ? undefined : t('optional');
  return (
    <>
      <div className="fields">
        <Form.Item name={['title', 'address']} label={t('address')} extra={extra} rules={[needed]}>
          <Input maxLength={200} autoComplete="street-address" />
        </Form.Item>
        <Form.Item
          name={['title', 'phone']}
          label={t('phone')}
          rules={[needed, { pattern: phonePattern, message: t('phoneRule') }]}
        >
          <Input maxLength={30} autoComplete="tel" />
        </Form.Item>
      </div>
      <div className="fields">
        <Form.Item name={['title', 'bank']} label={t('bank')} rules={[needed]}>
          <Input maxLength={100} autoComplete="off" />
        </Form.Item>
        <Form.Item
          name={['title', 'account']}
          label={t('account')}
          normalize={(text?: string) => text?.toUpperCase()}
          rules={[needed, { pattern: accountPattern, message: t('accountRule') }]}
        >
          <Input maxLength={40} autoComplete="off" />
        </Form.Item>
      </div>
    </>
  );
}
