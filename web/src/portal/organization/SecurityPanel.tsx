import { useQuery } from '@tanstack/react-query';
import { App, Form, InputNumber, Select, Switch } from 'antd';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { reading, useChange } from '../../api/use-call.ts';
import { Failure, Refused } from '../../features/errors/Failure.tsx';
import { useFormRefusal } from '../../features/errors/form-refusal.ts';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { useRefusalOf } from '../../features/session/allowed.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Panel } from '../../ui/Panel.tsx';

type Settings = Answer<'getSecuritySettings'>;
type Method = NonNullable<Settings['sign_in_methods']>[number];

const methods: readonly Method[] = ['password', 'passkey', 'ldap', 'oidc', 'saml'];

export function SecurityPanel({ organizationId }: { organizationId: string }) {
  const t = useTranslations('teams.security');
  const refusal = useRefusalOf()('getSecuritySettings');
  const settings = useQuery({
    ...reading('getSecuritySettings', { params: { id: organizationId } }),
    enabled: !refusal,
  });
  if (refusal)
    return (
      <Panel>
        <EmptyState title={t('title')}>{refusal}</EmptyState>
      </Panel>
    );
  if (settings.error && !settings.data) {
    return <Failure error={settings.error} onRetry={() => void settings.refetch()} />;
  }
  if (!settings.data) return <Loading rows={6} />;
  return <SecurityForm organizationId={organizationId} settings={settings.data} />;
}

interface Fields {
  require_second_factor: boolean;
  sign_in_methods: Method[];
  session_hours: number | null;
  ip_allowlist: string[];
}

function SecurityForm({
  organizationId,
  settings,
}: {
  organizationId: string;
  settings: Settings;
}) {
  const t = useTranslations('teams.security');
  const tUi = useTranslations('ui');
  const { message } = App.useApp();
  const [form] = Form.useForm<Fields>();
  const save = useChange('setSecuritySettings', {
    refreshes: ['getSecuritySettings'],
    onDone: () => void message.success(tUi('saved')),
  });
  const refusal = useFormRefusal(form, save.error);
  const submit = ({ sign_in_methods, session_hours, ip_allowlist, ...fields }: Fields) =>
    save.mutate({
      params: { id: organizationId },
      body: {
        ...fields,
        sign_in_methods: sign_in_methods.length === 0 ? null : sign_in_methods,
        session_hours: session_hours ?? null,
        ip_allowlist: ip_allowlist.length === 0 ? null : ip_allowlist,
      },
    });
  return (
    <Panel title={t('title')} note={`${t('note')} ${t('own')}`}>
      <Refused error={refusal} />
      <Form
        form={form}
        layout="vertical"
        initialValues={{
          ...settings,
          sign_in_methods: settings.sign_in_methods ?? [],
          ip_allowlist: settings.ip_allowlist ?? [],
        }}
        onFinish={submit}
      >
        <Form.Item
          name="require_second_factor"
          label={t('secondFactor')}
          extra={t('secondFactorNote')}
          valuePropName="checked"
        >
          <Switch />
        </Form.Item>
        <Form.Item name="sign_in_methods" label={t('methods')}>
          <Select
            mode="multiple"
            placeholder={t('anyMethod')}
            options={methods.map((value) => ({ value, label: t(`methodNames.${value}`) }))}
          />
        </Form.Item>
        <Form.Item name="session_hours" label={t('hours')} extra={t('hoursNote')}>
          <InputNumber
            min={1}
            max={4320}
            precision={0}
            suffix={t('hoursUnit')}
            style={{ width: 160 }}
          />
        </Form.Item>
        <Form.Item name="ip_allowlist" label={t('addresses')} extra={t('addressesNote')}>
          <Select mode="tags" open={false} suffixIcon={null} tokenSeparators={[',', ' ']} />
        </Form.Item>
        <AllowedButton
          operation="setSecuritySettings"
          type="primary"
          htmlType="submit"
          loading={save.isPending}
        >
          {tUi('save')}
        </AllowedButton>
      </Form>
    </Panel>
  );
}
