/** How people of the organization's mail domains sign in. */
import { useQuery } from '@tanstack/react-query';
import { Alert, App, Form, Input, Select, Switch } from 'antd';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { reading, useChange } from '../../api/use-call.ts';
import { Failure, Refused } from '../../features/errors/Failure.tsx';
import { useFormRefusal } from '../../features/errors/form-refusal.ts';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { useRefusalOf } from '../../features/session/allowed.ts';
import { GroupFields } from '../../features/sso/GroupFields.tsx';
import {
  firstSettings,
  ProviderAddresses,
  ProviderFields,
} from '../../features/sso/ProviderFields.tsx';
import { WithWords } from '../../features/words/WithWords.tsx';
import { ssoWords } from '../../i18n/messages.ts';
import { Loading } from '../../ui/Loading.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { SsoDomains } from './SsoDomains.tsx';

export type Sso = Answer<'getOrganizationSso'>;

interface SsoForm {
  domains: string[];
  kind: 'none' | 'oidc' | 'saml';
  name: string;
  enabled: boolean;
  settings: Record<string, unknown>;
  secret?: string;
  default_role: 'admin' | 'billing' | 'member';
  required: boolean;
}

export function SsoPanel({ organizationId }: { organizationId: string }) {
  return (
    <WithWords words={ssoWords}>
      <Worded organizationId={organizationId} />
    </WithWords>
  );
}

function Worded({ organizationId }: { organizationId: string }) {
  const t = useTranslations('sso.organization');
  const refusal = useRefusalOf()('getOrganizationSso');
  const sso = useQuery({
    ...reading('getOrganizationSso', { params: { id: organizationId } }),
    enabled: !refusal,
  });
  if (refusal) return null;
  if (sso.error && !sso.data) {
    return <Failure error={sso.error} onRetry={() => void sso.refetch()} />;
  }
  if (!sso.data) return <Loading rows={4} />;
  return (
    <Panel title={t('title')} note={t('note')}>
      <SsoDomains organizationId={organizationId} domains={sso.data.domains} />
      {sso.data.provider && <ProviderAddresses addresses={sso.data.provider.addresses} />}
      {sso.data.provider && <TestOwn organizationId={organizationId} />}
      <SettingsForm key={sso.dataUpdatedAt} organizationId={organizationId} sso={sso.data} />
    </Panel>
  );
}

function SettingsForm({ organizationId, sso }: { organizationId: string; sso: Sso }) {
  const t = useTranslations('sso.organization');
  const tUi = useTranslations('ui');
  const { message } = App.useApp();
  const [form] = Form.useForm<SsoForm>();
  const kind = Form.useWatch('kind', form) ?? sso.provider?.kind ?? 'none';
  const isForbidden = useRefusalOf()('updateOrganizationSso') !== undefined;
  const save = useChange('updateOrganizationSso', {
    refreshes: ['getOrganizationSso', 'getSignInMethods'],
    onDone: () => void message.success(tUi('saved')),
  });
  const refusal = useFormRefusal(form, save.error);
  return (
    <>
      <Refused error={refusal} />
      <Form
        form={form}
        layout="vertical"
        disabled={isForbidden}
        initialValues={initialOf(sso)}
        onFinish={(fields) => save.mutate({ params: { id: organizationId }, body: bodyOf(fields) })}
      >
        <Form.Item name="domains" label={t('domains')} extra={t('domainsNote')}>
          <Select mode="tags" open={false} suffixIcon={null} tokenSeparators={[',', ' ']} />
        </Form.Item>
        <KindField />
        {kind !== 'none' && (
          <>
            <NameField />
            <ProviderFields
              key={kind}
              kind={kind}
              hasSecret={sso.provider?.kind === kind && sso.provider.has_secret}
            />
            <PolicyFields />
            <GroupFields organizationId={organizationId} />
          </>
        )}
        <AllowedButton
          operation="updateOrganizationSso"
          type="primary"
          htmlType="submit"
          loading={save.isPending}
        >
          {tUi('save')}
        </AllowedButton>
      </Form>
    </>
  );
}

function initialOf({ domains, provider, default_role, required }: Sso): Partial<SsoForm> {
  return {
    domains: domains.map(({ domain }) => domain),
    kind: provider?.kind ?? 'none',
    name: provider?.name ?? '',
    enabled: provider?.enabled ?? true,
    settings: { ...firstSettings.oidc, ...firstSettings.saml, ...provider?.settings },
    default_role,
    required,
  };
}

function bodyOf({ domains, kind, name, enabled, settings, secret, ...policy }: SsoForm) {
  if (kind === 'none') return { domains, provider: null };
  const provider = { kind, name, enabled, settings, ...(secret ? { secret } : {}) };
  return { domains, provider, ...policy };
}

function KindField() {
  const t = useTranslations('sso.organization');
  const tFields = useTranslations('sso.fields');
  const options = [
    { value: 'none', label: t('none') },
    { value: 'oidc', label: tFields('kinds.oidc') },
    { value: 'saml', label: tFields('kinds.saml') },
  ];
  return (
    <Form.Item name="kind" label={t('uses')}>
      <Select options={options} />
    </Form.Item>
  );
}

function NameField() {
  const t = useTranslations('sso.fields');
  return (
    <Form.Item
      name="name"
      label={t('name')}
      extra={t('nameNote')}
      rules={[{ required: true, whitespace: true, message: t('required') }]}
    >
      <Input maxLength={60} />
    </Form.Item>
  );
}

function PolicyFields() {
  const t = useTranslations('sso.organization');
  const tGroups = useTranslations('sso.groups');
  const roles = (['member', 'billing', 'admin'] as const).map((value) => ({
    value,
    label: tGroups(`roles.${value}`),
  }));
  return (
    <>
      <Form.Item name="enabled" label={t('enabled')} valuePropName="checked">
        <Switch />
      </Form.Item>
      <Form.Item name="default_role" label={t('default_role')}>
        <Select options={roles} />
      </Form.Item>
      <Form.Item
        name="required"
        label={t('is_required')}
        extra={t('requiredNote')}
        valuePropName="checked"
      >
        <Switch />
      </Form.Item>
    </>
  );
}

function TestOwn({ organizationId }: { organizationId: string }) {
  const t = useTranslations('sso');
  const test = useChange('testOrganizationSso');
  return (
    <div className="stack-tight">
      <div>
        <AllowedButton
          operation="testOrganizationSso"
          loading={test.isPending}
          onClick={() => test.mutate({ params: { id: organizationId } })}
        >
          {t('test')}
        </AllowedButton>
      </div>
      <div aria-live="polite">
        <Refused error={test.error} />
        {test.data && (
          <Alert
            showIcon
            type={test.data.ok ? 'success' : 'error'}
            title={t(test.data.ok ? 'works' : 'worksNot')}
            description={test.data.message}
          />
        )}
      </div>
    </div>
  );
}
