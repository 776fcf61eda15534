/** One payment provider: the addresses that it asks for, its switch, and the form drawn from what it declares. */
import { App, Form } from 'antd';
import { useState } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { useChange } from '../../api/use-call.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import { useFormRefusal } from '../../features/errors/form-refusal.ts';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { useRefusalOf } from '../../features/session/allowed.ts';
import { CopyButton } from '../../ui/CopyButton.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Status } from '../../ui/Status.tsx';
import { changesOf, type SettingsForm, valuesOf } from './changes.ts';
import { SettingInput } from './SettingInput.tsx';

export type Provider = Answer<'getProvider'>;
const refreshes = ['listProviders', 'getProvider', 'listPaymentProviders'] as const;

export function ProviderPanel({ provider }: { provider: Provider }) {
  const t = useTranslations('console.settings');
  const { enabled, notify_url, return_url } = provider;
  return (
    <Panel
      title={provider.name}
      note={
        <Status tone={enabled ? 'good' : 'quiet'}>{t(enabled ? 'enabled' : 'disabled')}</Status>
      }
      actions={<Switch provider={provider} />}
    >
      <Facts
        as="wide"
        items={[
          { label: t('notifyUrl'), value: <Address url={notify_url} label={t('copyNotifyUrl')} /> },
          { label: t('returnUrl'), value: <Address url={return_url} label={t('copyReturnUrl')} /> },
        ]}
      />
      <p className="soft">{t('addressesNote', { name: provider.name })}</p>
      <SettingsOf provider={provider} />
    </Panel>
  );
}

function Address({ url, label }: { url: string; label: string }) {
  return (
    <span className="address">
      <code>{url}</code>
      <CopyButton text={url} label={label} />
    </span>
  );
}

function Switch({ provider }: { provider: Provider }) {
  const t = useTranslations('console.settings');
  const { message } = App.useApp();
  const { enabled, name } = provider;
  const why = useNotReadyReason(provider);
  const change = useChange('updateProvider', {
    refreshes,
    onDone: (answer) =>
      void message.success(t(answer.enabled ? 'enabledNow' : 'disabledNow', { name })),
  });
  return (
    <div className="switch">
      <AllowedButton
        operation="updateProvider"
        type={enabled ? 'default' : 'primary'}
        danger={enabled}
        loading={change.isPending}
        blockedBecause={enabled ? undefined : why}
        onClick={() =>
          change.mutate({ params: { provider: provider.provider }, body: { enabled: !enabled } })
        }
      >
        {t(enabled ? 'disable' : 'enable')}
      </AllowedButton>
      {why && !enabled && <small className="soft">{why}</small>}
      <Refused error={change.error} />
    </div>
  );
}

/** What keeps a provider from being switched on, by the names of the fields that lack it. */
function useNotReadyReason({ ready, fields }: Provider): string | undefined {
  const t = useTranslations('console.settings');
  const locale = useLocale();
  if (ready) return undefined;
  const missing = fields.filter(
    ({ required, is_set, value }) => required && !is_set && (value === null || value === ''),
  );
  if (missing.length === 0) return t('notReady');
  const names = missing.map(({ label }) => label[locale]);
  return t('missing', { names: new Intl.ListFormat(locale).format(names) });
}

function SettingsOf({ provider }: { provider: Provider }) {
  const tUi = useTranslations('ui');
  const t = useTranslations('console.settings');
  const { message } = App.useApp();
  const [form] = Form.useForm<SettingsForm>();
  const isForbidden = useRefusalOf()('updateProvider') !== undefined;
  // What was saved comes back cleaned: the form is drawn again from it.
  const [savedCount, setSavedCount] = useState(0);
  const change = useChange('updateProvider', {
    refreshes,
    onDone: (answer) => {
      form.setFieldsValue({ settings: valuesOf(answer.fields) });
      setSavedCount(savedCount + 1);
      void message.success(tUi('saved'));
    },
  });
  const refusal = useFormRefusal(form, change.error);
  const submit = ({ settings }: SettingsForm) =>
    change.mutate({
      params: { provider: provider.provider },
      body: { settings: changesOf(provider.fields, settings) },
    });
  return (
    <>
      <Refused error={refusal} />
      <Form
        form={form}
        layout="vertical"
        className="settings-form"
        disabled={isForbidden}
        initialValues={{ settings: valuesOf(provider.fields) }}
        onFinish={submit}
        scrollToFirstError
      >
        {provider.fields.map((field) => (
          <SettingInput key={`${field.key} ${savedCount}`} field={field} />
        ))}
        <AllowedButton
          operation="updateProvider"
          type="primary"
          htmlType="submit"
          loading={change.isPending}
          aria-label={t('saveNamed', { name: provider.name })}
        >
          {tUi('save')}
        </AllowedButton>
      </Form>
    </>
  );
}
