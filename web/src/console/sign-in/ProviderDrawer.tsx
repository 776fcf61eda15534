import { App, Form, Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { newIdempotencyKey } from '../../api/idempotency-key.ts';
import { useChange } from '../../api/use-call.ts';
import { GroupFields } from '../../features/sso/GroupFields.tsx';
import { firstSettings, ProviderFields } from '../../features/sso/ProviderFields.tsx';
import { FormDrawer } from '../forms/FormDrawer.tsx';
import type { SignInProvider } from './SignInPage.tsx';
import { refreshes } from './SwitchButton.tsx';

interface ProviderForm {
  kind: 'oidc' | 'saml';
  name: string;
  settings: Record<string, unknown>;
  secret?: string;
}

export function NewProvider({ onClose }: { onClose: () => void }) {
  const t = useTranslations('sso.console');
  const { message } = App.useApp();
  const [form] = Form.useForm<ProviderForm>();
  const [idempotencyKey, setIdempotencyKey] = useState(newIdempotencyKey);
  const kind = Form.useWatch('kind', form) ?? 'oidc';
  const create = useChange('createSignInProvider', {
    refreshes,
    onDone: ({ name }) => {
      void message.success(t('created', { name }));
      onClose();
    },
  });
  const submit = ({ secret, ...fields }: ProviderForm) =>
    create.mutate({ body: { ...fields, ...(secret ? { secret } : {}) }, idempotencyKey });
  return (
    <FormDrawer
      isWide
      title={t('add')}
      operation="createSignInProvider"
      submitLabel={t('add')}
      form={form}
      initialValues={{ kind: 'oidc', settings: { ...firstSettings.oidc, ...firstSettings.saml } }}
      error={create.error}
      isPending={create.isPending}
      onSubmit={submit}
      onChange={() => setIdempotencyKey(newIdempotencyKey())}
      onClose={onClose}
    >
      <KindField />
      <NameField />
      <ProviderFields key={kind} kind={kind} hasSecret={false} />
      <GroupFields />
    </FormDrawer>
  );
}

export function EditProvider({
  provider,
  onClose,
}: {
  provider: SignInProvider;
  onClose: () => void;
}) {
  const t = useTranslations('sso.console');
  const tUi = useTranslations('ui');
  const [form] = Form.useForm<ProviderForm>();
  const save = useChange('updateSignInProvider', { refreshes, onDone: onClose });
  const { id, name, settings } = provider;
  const kind = provider.kind === 'saml' ? 'saml' : 'oidc';
  const submit = ({ name, settings, secret }: ProviderForm) =>
    save.mutate({ params: { id }, body: { name, settings, ...(secret ? { secret } : {}) } });
  return (
    <FormDrawer
      isWide
      title={t('editNamed', { name })}
      operation="updateSignInProvider"
      submitLabel={tUi('save')}
      form={form}
      initialValues={{ name, settings }}
      error={save.error}
      isPending={save.isPending}
      onSubmit={submit}
      onClose={onClose}
    >
      <NameField />
      <ProviderFields kind={kind} hasSecret={provider.has_secret} />
      <GroupFields />
    </FormDrawer>
  );
}

function KindField() {
  const t = useTranslations('sso.fields');
  const options = (['oidc', 'saml'] as const).map((value) => ({
    value,
    label: t(`kinds.${value}`),
  }));
  return (
    <Form.Item name="kind" label={t('kind')}>
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
