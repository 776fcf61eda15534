/** The settings of an OpenID Connect or SAML provider, whoever sets it up. */
import { Form, Input, Select } from 'antd';
import { useTranslations } from 'use-intl';
import { CopyButton } from '../../ui/CopyButton.tsx';
import { Facts } from '../../ui/Facts.tsx';

interface ProviderFieldsProps {
  kind: 'oidc' | 'saml';
  hasSecret: boolean;
}

export function ProviderFields({ kind, hasSecret }: ProviderFieldsProps) {
  return kind === 'saml' ? <SamlFields /> : <OidcFields hasSecret={hasSecret} />;
}

function OidcFields({ hasSecret }: { hasSecret: boolean }) {
  const t = useTranslations('sso.fields');
  const clientAuths = (['client_secret_basic', 'client_secret_post'] as const).map((value) => ({
    value,
    label: t(`clientAuths.${value}`),
  }));
  return (
    <>
      <Needed name="issuer" note={t('issuerNote')} placeholder="https://id.example.com" />
      <Needed name="client_id" />
      <Form.Item name="secret" label={t('secret')}>
        <Input.Password
          autoComplete="new-password"
          placeholder={hasSecret ? t('secretKept') : ''}
        />
      </Form.Item>
      <Form.Item name={['settings', 'client_auth']} label={t('client_auth')}>
        <Select options={clientAuths} />
      </Form.Item>
      <Form.Item name={['settings', 'scopes']} label={t('scopes')}>
        <Select mode="tags" open={false} suffixIcon={null} tokenSeparators={[' ', ',']} />
      </Form.Item>
      <Form.Item name={['settings', 'groups_claim']} label={t('groups_claim')}>
        <Input />
      </Form.Item>
    </>
  );
}

function SamlFields() {
  const t = useTranslations('sso.fields');
  return (
    <>
      <Needed name="entity_id" />
      <Needed name="sign_in_url" placeholder="https://id.example.com/sso" />
      <Form.Item
        name={['settings', 'certificate']}
        label={t('certificate')}
        rules={[{ required: true, message: t('required') }]}
      >
        <Input.TextArea rows={4} spellCheck={false} />
      </Form.Item>
      <Form.Item
        name={['settings', 'mail_attribute']}
        label={t('mail_attribute')}
        extra={t('mailNote')}
      >
        <Input />
      </Form.Item>
      <Form.Item name={['settings', 'name_attribute']} label={t('name_attribute')}>
        <Input />
      </Form.Item>
      <Form.Item name={['settings', 'groups_attribute']} label={t('groups_attribute')}>
        <Input />
      </Form.Item>
    </>
  );
}

function Needed({
  name,
  note,
  placeholder = '',
}: {
  name: 'issuer' | 'client_id' | 'entity_id' | 'sign_in_url';
  note?: string;
  placeholder?: string;
}) {
  const t = useTranslations('sso.fields');
  return (
    <Form.Item
      name={['settings', name]}
      label={t(name)}
      extra={note}
      rules={[{ required: true, whitespace: true, message: t('required') }]}
    >
      <Input placeholder={placeholder} />
    </Form.Item>
  );
}

/** Settings as a form begins with where nothing was written yet. */
export const firstSettings = {
  oidc: {
    client_auth: 'client_secret_basic',
    scopes: ['openid', 'email', 'profile'],
    groups_claim: 'groups',
  },
  saml: { name_attribute: 'displayName', groups_attribute: 'groups' },
} as const;

/** What the provider asks for. */
export function ProviderAddresses({
  addresses,
}: {
  addresses: { redirect: string; metadata: string | null };
}) {
  const t = useTranslations('sso.fields');
  const items = (['redirect', 'metadata'] as const).flatMap((name) => {
    const url = addresses[name];
    return url === null ? [] : [{ label: t(name), value: <Address url={url} /> }];
  });
  return (
    <>
      <p className="soft">{t('addressesNote')}</p>
      <Facts as="wide" items={items} />
    </>
  );
}

function Address({ url }: { url: string }) {
  const t = useTranslations('sso.fields');
  return (
    <span className="address">
      <code>{url}</code>
      <CopyButton text={url} label={t('copy')} />
    </span>
  );
}
