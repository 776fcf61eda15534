import { App, Form, Input, Select } from 'antd';
import { useTranslations } from 'use-intl';
import { useChange } from '../../api/use-call.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import { useFormRefusal } from '../../features/errors/form-refusal.ts';
import { useCountryOptions } from '../../features/invoice/countries.ts';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { useSession } from '../../features/session/session.ts';
import { languageNames, languages } from '../../i18n/language.ts';
import { Facts } from '../../ui/Facts.tsx';
import { Panel } from '../../ui/Panel.tsx';
import {
  addressLinesMax,
  type BillingDetails,
  type DetailsFields,
  linesOf,
  toBody,
  toFields,
} from './details-form.ts';

interface DetailsFormProps {
  organizationId: string;
  details: BillingDetails;
}

export function DetailsForm({ organizationId, details }: DetailsFormProps) {
  const t = useTranslations('billingDetails');
  const tUi = useTranslations('ui');
  const { message } = App.useApp();
  const [form] = Form.useForm<DetailsFields>();
  const update = useChange('updateBillingDetails', {
    refreshes: ['getBillingDetails'],
    onDone: (saved) => {
      form.setFieldsValue(toFields(saved));
      void message.success(tUi('saved'));
    },
  });
  const refusal = useFormRefusal(form, update.error);
  return (
    <Form
      form={form}
      layout="vertical"
      className="page"
      initialValues={toFields(details)}
      onFinish={(fields) => update.mutate({ params: { id: organizationId }, body: toBody(fields) })}
    >
      <Refused error={refusal} />
      <div className="columns">
        <Panel title={t('customer')} note={t('customerNote')}>
          <CustomerFields />
        </Panel>
        <Panel title={t('delivery')} note={t('deliveryNote')}>
          <DeliveryFields />
          <Terms details={details} />
        </Panel>
      </div>
      <div>
        <AllowedButton
          operation="updateBillingDetails"
          type="primary"
          htmlType="submit"
          loading={update.isPending}
        >
          {tUi('save')}
        </AllowedButton>
      </div>
    </Form>
  );
}

function CustomerFields() {
  const t = useTranslations('billingDetails');
  const { organization } = useSession();
  const isShort = (_: unknown, address = '') =>
    linesOf(address).length > addressLinesMax
      ? Promise.reject(new Error(t('addressRule', { lines: addressLinesMax })))
      : Promise.resolve();
  return (
    <div>
      <Form.Item name="legal_name" label={t('legalName')} extra={t('legalNameNote')}>
        <Input maxLength={200} autoComplete="organization" placeholder={organization?.name ?? ''} />
      </Form.Item>
      <Form.Item name="address" label={t('address')} rules={[{ validator: isShort }]}>
        <Input.TextArea rows={3} maxLength={1200} autoComplete="street-address" />
      </Form.Item>
      <Form.Item name="country" label={t('country')} extra={t('countryNote')}>
        <Select
          allowClear
          showSearch={{ optionFilterProp: 'label' }}
          options={useCountryOptions()}
          placeholder={t('countryNone')}
        />
      </Form.Item>
      <Form.Item name="tax_id" label={t('taxId')} extra={t('taxIdNote')}>
        <Input maxLength={40} autoComplete="off" />
      </Form.Item>
    </div>
  );
}

function DeliveryFields() {
  const t = useTranslations('billingDetails');
  return (
    <div>
      <Form.Item
        name="invoice_email"
        label={t('email')}
        extra={t('emailNote')}
        rules={[{ type: 'email', message: t('emailRule') }]}
      >
        <Input maxLength={254} autoComplete="email" />
      </Form.Item>
      <Form.Item name="locale" label={t('language')} extra={t('languageNote')}>
        <Select
          options={[
            { value: '', label: t('languageDefault') },
            ...languages.map((value) => ({ value, label: languageNames[value] })),
          ]}
        />
      </Form.Item>
    </div>
  );
}

/** What the operator decides, to be seen here. */
function Terms({
  details: { payment_terms_days: days, tax_exempt: isExempt },
}: {
  details: BillingDetails;
}) {
  const t = useTranslations('billingDetails');
  return (
    <Facts
      items={[
        { label: t('terms'), value: t('termsDays', { days }) },
        ...(isExempt ? [{ label: t('tax'), value: t('exempt') }] : []),
      ]}
    />
  );
}
