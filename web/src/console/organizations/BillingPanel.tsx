/** What invoices say of a customer, which the customer writes, and the terms that only an operator gives. */
import { useQuery } from '@tanstack/react-query';
import { Checkbox, Form, InputNumber, Modal } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { reading, useChange } from '../../api/use-call.ts';
import { Failure, Refused } from '../../features/errors/Failure.tsx';
import { useCountryName } from '../../features/invoice/countries.ts';
import { ButtonLink } from '../../features/navigation/ButtonLink.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { languageNames } from '../../i18n/language.ts';
import { paths } from '../../paths.ts';
import { Facts } from '../../ui/Facts.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Panel } from '../../ui/Panel.tsx';
import type { OfOrganization } from './terms.ts';

type Details = Answer<'inspectBillingDetails'>;
type Terms = Pick<Details, 'payment_terms_days' | 'tax_exempt' | 'consolidated'>;

const termDaysMax = 365;

export function BillingPanel({ organization }: OfOrganization) {
  const t = useTranslations('console.organizationBilling');
  const [isEditing, setEditing] = useState(false);
  const details = useQuery(reading('inspectBillingDetails', { params: { id: organization.id } }));
  return (
    <Panel
      title={t('title')}
      actions={
        <>
          <ButtonLink to={paths.consoleInvoices} search={{ organization: organization.id }}>
            {t('toInvoices')}
          </ButtonLink>
          <ButtonLink
            to={paths.consoleInvoices}
            search={{ organization: organization.id, write: 'yes' }}
          >
            {t('writeInvoice')}
          </ButtonLink>
          <AllowedButton operation="setBillingTerms" onClick={() => setEditing(true)}>
            {t('change')}
          </AllowedButton>
        </>
      }
    >
      {details.error && !details.data && (
        <Failure error={details.error} onRetry={() => void details.refetch()} />
      )}
      {details.isPending && <Loading rows={3} />}
      {details.data && <DetailFacts details={details.data} />}
      {details.data && isEditing && (
        <EditTerms
          organization={organization}
          terms={details.data}
          onClose={() => setEditing(false)}
        />
      )}
    </Panel>
  );
}

function DetailFacts({ details }: { details: Details }) {
  const t = useTranslations('console.organizationBilling');
  const countryName = useCountryName();
  const { country, address, locale, payment_terms_days: days } = details;
  return (
    <Facts
      items={[
        { label: t('terms'), value: t('days', { days }) },
        { label: t('tax'), value: t(details.tax_exempt ? 'exempt' : 'taxed') },
        { label: t('written'), value: t(details.consolidated ? 'consolidated' : 'separate') },
        { label: t('legalName'), value: details.legal_name ?? t('asOrganization') },
        { label: t('taxId'), value: details.tax_id ?? '–' },
        { label: t('country'), value: country === null ? '–' : countryName(country) },
        { label: t('address'), value: address.join(', ') || '–' },
        { label: t('email'), value: details.invoice_email ?? t('toOwners') },
        {
          label: t('language'),
          value: locale === null ? t('asDeployment') : languageNames[locale],
        },
      ]}
    />
  );
}

interface EditTermsProps extends OfOrganization {
  terms: Terms;
  onClose: () => void;
}

function EditTerms({ organization, terms, onClose }: EditTermsProps) {
  const t = useTranslations('console.organizationBilling');
  const tUi = useTranslations('ui');
  const tLimits = useTranslations('console.limits');
  const [form] = Form.useForm<Terms>();
  const change = useChange('setBillingTerms', {
    refreshes: ['inspectBillingDetails'],
    onDone: onClose,
  });
  return (
    <Modal
      open
      mask={{ closable: false }}
      title={t('changeTitle', { organization: organization.name })}
      okText={tUi('save')}
      cancelText={tUi('cancel')}
      okButtonProps={{ loading: change.isPending }}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <div className="stack">
        <p>{t('changeNote')}</p>
        <Refused error={change.error} />
        <Form
          form={form}
          layout="vertical"
          initialValues={terms}
          onFinish={(body) => change.mutate({ params: { id: organization.id }, body })}
        >
          <Form.Item
            name="payment_terms_days"
            label={t('termDays')}
            extra={t('termDaysNote')}
            rules={[
              { required: true, message: tLimits('numberRule', { min: 0, max: termDaysMax }) },
            ]}
          >
            <InputNumber min={0} max={termDaysMax} precision={0} className="full" />
          </Form.Item>
          <Form.Item name="tax_exempt" valuePropName="checked" extra={t('exemptNote')}>
            <Checkbox>{t('exempt')}</Checkbox>
          </Form.Item>
          <Form.Item name="consolidated" valuePropName="checked" extra={t('consolidatedNote')}>
            <Checkbox>{t('consolidate')}</Checkbox>
          </Form.Item>
        </Form>
      </div>
    </Modal>
  );
}
