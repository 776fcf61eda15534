import { useQuery } from '@tanstack/react-query';
import { App, Button, Form, Input } from 'antd';
import { useState } from 'react';
import { useFormatter, useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { reading, useChange } from '../../api/use-call.ts';
import { Failure, Refused } from '../../features/errors/Failure.tsx';
import { useFormRefusal } from '../../features/errors/form-refusal.ts';
import { WithWords } from '../../features/words/WithWords.tsx';
import { ssoWords } from '../../i18n/messages.ts';
import { Loading } from '../../ui/Loading.tsx';
import { Panel } from '../../ui/Panel.tsx';

type Identity = Answer<'listIdentities'>['data'][number];
type Method = Answer<'getSignInMethods'>['methods'][number];

/** Accounts elsewhere that sign the person in; not shown where there is nothing to add and nothing added. */
export function IdentitiesPanel() {
  return (
    <WithWords words={ssoWords}>
      <Identities />
    </WithWords>
  );
}

function Identities() {
  const t = useTranslations('sso.identities');
  const identities = useQuery(reading('listIdentities', {}));
  const methods = useQuery(reading('getSignInMethods', { query: {} }));
  if (identities.error && !identities.data) {
    return <Failure error={identities.error} onRetry={() => void identities.refetch()} />;
  }
  if (!identities.data || !methods.data) return <Loading rows={2} />;
  const added = identities.data.data;
  const offered = methods.data.methods.filter(
    ({ id, name }) => name !== null && !added.some(({ provider }) => provider.id === id),
  );
  if (added.length === 0 && offered.length === 0) return null;
  return (
    <Panel title={t('title')} note={t('note')}>
      {added.length === 0 && <p className="soft">{t('none')}</p>}
      {added.map((identity) => (
        <Added key={identity.id} identity={identity} />
      ))}
      {offered.map((method) =>
        method.kind === 'ldap' ? (
          <AddDirectory key={method.id} method={method} />
        ) : (
          <AddProvider key={method.id} method={method} />
        ),
      )}
    </Panel>
  );
}

function Added({ identity }: { identity: Identity }) {
  const t = useTranslations('sso.identities');
  const tUi = useTranslations('ui');
  const format = useFormatter();
  const { modal } = App.useApp();
  const remove = useChange('unlinkIdentity', { refreshes: ['listIdentities'] });
  const { name } = identity.provider;
  const ask = () =>
    modal.confirm({
      title: t('removeTitle', { name }),
      content: t('removeNote'),
      okText: t('remove'),
      cancelText: tUi('cancel'),
      onOk: () => remove.mutateAsync({ params: { id: identity.id } }).catch(() => undefined),
    });
  const when = format.dateTime(new Date(identity.last_used_at), { dateStyle: 'medium' });
  return (
    <div className="stack-tight">
      <div className="actions">
        <span className="twofold">
          {name}
          <small>
            {[identity.email, t('lastUsed', { when })].filter((text) => text !== null).join(' · ')}
          </small>
        </span>
        <Button size="small" aria-label={t('removeNamed', { name })} onClick={ask}>
          {t('remove')}
        </Button>
      </div>
      <Refused error={remove.error} />
    </div>
  );
}

function AddProvider({ method }: { method: Method }) {
  const t = useTranslations('sso.identities');
  const begin = useChange('linkIdentity', {
    onDone: ({ url }) => {
      if (url !== null) location.assign(url);
    },
  });
  return (
    <div className="stack-tight">
      <div>
        <Button
          loading={begin.isPending}
          onClick={() => begin.mutate({ body: { provider: method.id ?? '' } })}
        >
          {t('add', { name: method.name ?? '' })}
        </Button>
      </div>
      <Refused error={begin.error} />
    </div>
  );
}

function AddDirectory({ method }: { method: Method }) {
  const t = useTranslations('sso.identities');
  const tFields = useTranslations('sso.fields');
  const { message } = App.useApp();
  const [isOpen, setOpen] = useState(false);
  const [form] = Form.useForm<{ login: string; password: string }>();
  const name = method.name ?? 'LDAP';
  const add = useChange('linkIdentity', {
    refreshes: ['listIdentities'],
    onDone: () => void message.success(t('added', { name })),
  });
  const refusal = useFormRefusal(form, add.error);
  if (!isOpen) {
    return (
      <div>
        <Button onClick={() => setOpen(true)}>{t('add', { name })}</Button>
      </div>
    );
  }
  const rules = [{ required: true, message: tFields('required') }];
  return (
    <>
      <Refused error={refusal} />
      <Form
        form={form}
        layout="vertical"
        onFinish={(fields) => add.mutate({ body: { provider: method.id ?? 'ldap', ...fields } })}
      >
        <Form.Item name="login" label={t('login')} rules={rules}>
          <Input autoComplete="off" />
        </Form.Item>
        <Form.Item name="password" label={t('password')} rules={rules}>
          <Input.Password autoComplete="off" />
        </Form.Item>
        <Button htmlType="submit" loading={add.isPending}>
          {t('add', { name })}
        </Button>
      </Form>
    </>
  );
}
