import type { LdapSettings } from '@sluice/contract/sign-in-providers';
import { Alert, App, Form, Input, InputNumber, Switch } from 'antd';
import { useTranslations } from 'use-intl';
import { useChange } from '../../api/use-call.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import { useFormRefusal } from '../../features/errors/form-refusal.ts';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { useRefusalOf } from '../../features/session/allowed.ts';
import { GroupFields } from '../../features/sso/GroupFields.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Status } from '../../ui/Status.tsx';
import type { SignInProvider } from './SignInPage.tsx';
import { refreshes, SwitchButton } from './SwitchButton.tsx';
import { TestPanel } from './TestPanel.tsx';

interface DirectoryForm {
  name: string;
  settings: Partial<LdapSettings>;
  secret?: string;
}

/** As the directory of most companies is: what the server would take where nothing is written. */
const usual: Partial<LdapSettings> = {
  user_filter: '(&(objectClass=person)(|(uid={login})(mail={login})))',
  group_filter: '(|(member={dn})(uniqueMember={dn})(memberUid={uid}))',
  id_attribute: 'entryUUID',
  mail_attribute: 'mail',
  name_attribute: 'cn',
  uid_attribute: 'uid',
  timeout_ms: 5000,
};

export function DirectoryPanel({ directory }: { directory: SignInProvider }) {
  const t = useTranslations('sso.console');
  const { enabled } = directory;
  return (
    <Panel
      title={t('directory')}
      note={<Status tone={enabled ? 'good' : 'quiet'}>{t(enabled ? 'on' : 'off')}</Status>}
      actions={<SwitchButton provider={directory} />}
    >
      <p className="soft">{t('directoryNote')}</p>
      {directory.from_environment && <Alert type="info" showIcon title={t('environment')} />}
      <TestPanel provider={directory} />
      <SettingsOf key={directory.updated_at} directory={directory} />
    </Panel>
  );
}

function SettingsOf({ directory }: { directory: SignInProvider }) {
  const t = useTranslations('sso.console');
  const tUi = useTranslations('ui');
  const { message } = App.useApp();
  const [form] = Form.useForm<DirectoryForm>();
  const isForbidden = useRefusalOf()('updateSignInProvider') !== undefined;
  const save = useChange('updateSignInProvider', {
    refreshes,
    onDone: () => void message.success(tUi('saved')),
  });
  const refusal = useFormRefusal(form, save.error);
  const submit = ({ name, settings, secret }: DirectoryForm) =>
    save.mutate({
      params: { id: directory.id },
      body: {
        name,
        settings: { ...settings, ca: settings.ca || null },
        ...(secret ? { secret } : {}),
      },
    });
  return (
    <>
      <Refused error={refusal} />
      <Form
        form={form}
        layout="vertical"
        className="settings-form"
        disabled={isForbidden || directory.from_environment}
        initialValues={{ name: directory.name, settings: { ...usual, ...directory.settings } }}
        onFinish={submit}
        scrollToFirstError
      >
        <ConnectionFields hasSecret={directory.has_secret} />
        <PeopleFields />
        <GroupFields />
        <AllowedButton
          operation="updateSignInProvider"
          blockedBecause={directory.from_environment ? t('environment') : undefined}
          type="primary"
          htmlType="submit"
          loading={save.isPending}
          aria-label={t('saveNamed', { name: directory.name })}
        >
          {tUi('save')}
        </AllowedButton>
      </Form>
    </>
  );
}

function ConnectionFields({ hasSecret }: { hasSecret: boolean }) {
  const t = useTranslations('sso.console');
  const tFields = useTranslations('sso.fields');
  const rules = [{ required: true, whitespace: true, message: tFields('required') }];
  return (
    <>
      <Form.Item name="name" label={tFields('name')} extra={tFields('nameNote')} rules={rules}>
        <Input maxLength={60} />
      </Form.Item>
      <Form.Item name={['settings', 'url']} label={t('url')} extra={t('urlNote')} rules={rules}>
        <Input placeholder="ldaps://ldap.example.com" />
      </Form.Item>
      <Form.Item name={['settings', 'start_tls']} label={t('start_tls')} valuePropName="checked">
        <Switch />
      </Form.Item>
      <Form.Item name={['settings', 'ca']} label={t('ca')} extra={t('caNote')}>
        <Input.TextArea rows={2} spellCheck={false} />
      </Form.Item>
      <Form.Item name={['settings', 'bind_dn']} label={t('bind_dn')}>
        <Input placeholder="cn=reader,dc=example,dc=com" />
      </Form.Item>
      <Form.Item name="secret" label={t('readerPassword')}>
        <Input.Password
          autoComplete="new-password"
          placeholder={hasSecret ? tFields('secretKept') : ''}
        />
      </Form.Item>
      <Form.Item name={['settings', 'timeout_ms']} label={t('timeout_ms')}>
        <InputNumber min={500} max={20_000} precision={0} className="full" />
      </Form.Item>
    </>
  );
}

const attributes = ['mail_attribute', 'name_attribute'] as const;

function PeopleFields() {
  const t = useTranslations('sso.console');
  const tFields = useTranslations('sso.fields');
  const rules = [{ required: true, whitespace: true, message: tFields('required') }];
  const filterNote = t('userFilterNote', { placeholder: '{login}' });
  return (
    <>
      <Form.Item name={['settings', 'base_dn']} label={t('base_dn')} rules={rules}>
        <Input placeholder="ou=people,dc=example,dc=com" />
      </Form.Item>
      <Form.Item
        name={['settings', 'user_filter']}
        label={t('user_filter')}
        extra={filterNote}
        rules={rules}
      >
        <Input spellCheck={false} />
      </Form.Item>
      <Form.Item name={['settings', 'id_attribute']} label={t('id_attribute')} extra={t('idNote')}>
        <Input />
      </Form.Item>
      {attributes.map((name) => (
        <Form.Item key={name} name={['settings', name]} label={tFields(name)}>
          <Input />
        </Form.Item>
      ))}
      <Form.Item name={['settings', 'uid_attribute']} label={t('uid_attribute')}>
        <Input />
      </Form.Item>
      <Form.Item name={['settings', 'group_base_dn']} label={t('group_base_dn')}>
        <Input />
      </Form.Item>
      <Form.Item name={['settings', 'group_filter']} label={t('group_filter')}>
        <Input spellCheck={false} />
      </Form.Item>
    </>
  );
}
