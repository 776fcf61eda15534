/** What every document says of the seller, and how documents are numbered. */
import { useQuery } from '@tanstack/react-query';
import { App, Form, Input } from 'antd';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { reading, useChange } from '../../api/use-call.ts';
import { Failure, Refused } from '../../features/errors/Failure.tsx';
import { useFormRefusal } from '../../features/errors/form-refusal.ts';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { useRefusalOf } from '../../features/session/allowed.ts';
import { Loading } from '../../ui/Loading.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { CountryField } from '../forms/CountryField.tsx';
import { toCapitals } from '../forms/rules.ts';

type Seller = Answer<'getSettings'>['seller'];
type SellerForm = Omit<Seller, 'address' | 'tax_id' | 'country'> & {
  invoice_text: string;
  address?: string;
  tax_id?: string;
  country?: string;
};

export function SellerPanel() {
  const t = useTranslations('console.seller');
  const settings = useQuery(reading('getSettings'));
  return (
    <Panel title={t('title')} note={t('note')}>
      {settings.error && !settings.data && (
        <Failure error={settings.error} onRetry={() => void settings.refetch()} />
      )}
      {settings.isPending && <Loading rows={6} />}
      {settings.data && (
        <SellerOf seller={settings.data.seller} text={settings.data.invoice_text} />
      )}
    </Panel>
  );
}

function SellerOf({ seller, text }: { seller: Seller; text: string }) {
  const t = useTranslations('console.seller');
  const tUi = useTranslations('ui');
  const tSettings = useTranslations('console.settings');
  const { message } = App.useApp();
  const [form] = Form.useForm<SellerForm>();
  const isForbidden = useRefusalOf()('updateSettings') !== undefined;
  const change = useChange('updateSettings', {
    refreshes: ['getSettings'],
    onDone: () => void message.success(tUi('saved')),
  });
  const refusal = useFormRefusal(form, change.error);
  return (
    <>
      <Refused error={refusal} />
      <Form<SellerForm>
        form={form}
        layout="vertical"
        className="settings-form"
        disabled={isForbidden}
        initialValues={{
          ...seller,
          address: seller.address.join('\n'),
          tax_id: seller.tax_id ?? '',
          country: seller.country ?? '',
          invoice_text: text,
        }}
        onFinish={({ invoice_text, ...fields }) =>
          change.mutate({ body: { seller: toSeller(fields), invoice_text } })
        }
        scrollToFirstError
      >
        <SellerFields />
        <AllowedButton
          operation="updateSettings"
          type="primary"
          htmlType="submit"
          loading={change.isPending}
          aria-label={tSettings('saveNamed', { name: t('title') })}
        >
          {tUi('save')}
        </AllowedButton>
      </Form>
    </>
  );
}

function toSeller({
  address = '',
  tax_id,
  country,
  ...fields
}: Omit<SellerForm, 'invoice_text'>): Seller {
  const lines = address.split('\n').map((line) => line.trim());
  return {
    ...fields,
    tax_id: tax_id?.trim() || null,
    country: country || null,
    address: lines.filter((line) => line !== ''),
  };
}

const addressLinesMax = 6;
const prefixPattern = /^[A-Z][A-Z0-9]{0,7}$/;

function SellerFields() {
  const t = useTranslations('console.seller');
  return (
    <>
      <Form.Item
        name="name"
        label={t('name')}
        rules={[{ required: true, whitespace: true, message: t('nameRule') }]}
      >
        <Input maxLength={200} />
      </Form.Item>
      <Form.Item name="address" label={t('address')} extra={t('addressNote')}>
        <Input.TextArea autoSize={{ minRows: 2, maxRows: addressLinesMax }} maxLength={1200} />
      </Form.Item>
      <div className="fields">
        <CountryField />
        <Form.Item name="tax_id" label={t('taxId')} extra={t('taxIdNote')}>
          <Input maxLength={40} autoComplete="off" />
        </Form.Item>
      </div>
      <div className="fields">
        <PrefixField name="invoice_prefix" />
        <PrefixField name="credit_note_prefix" />
      </div>
      <p className="soft form-note">{t('prefixNote')}</p>
      <Form.Item name="invoice_text" label={t('text')} extra={t('textNote')}>
        <Input.TextArea autoSize={{ minRows: 2, maxRows: 8 }} maxLength={600} showCount />
      </Form.Item>
    </>
  );
}

function PrefixField({ name }: { name: 'invoice_prefix' | 'credit_note_prefix' }) {
  const t = useTranslations('console.seller');
  const prefix = Form.useWatch<string | undefined>(name) ?? '';
  return (
    <Form.Item
      name={name}
      label={t(name)}
      extra={prefixPattern.test(prefix) ? t('prefixExample', { prefix }) : undefined}
      normalize={toCapitals}
      rules={[{ required: true, pattern: prefixPattern, message: t('prefixRule') }]}
    >
      <Input maxLength={8} autoComplete="off" />
    </Form.Item>
  );
}
