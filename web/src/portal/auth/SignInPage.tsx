import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link, useRouter } from '@tanstack/react-router';
import { Alert, Button, Form, Input } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { ApiError } from '../../api/api-error.ts';
import { useChange } from '../../api/use-call.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import { useFormRefusal } from '../../features/errors/form-refusal.ts';
import { safeNext } from '../../features/session/safe-next.ts';
import { askForSession } from '../../features/session/session.ts';
import { paths } from '../../paths.ts';
import { AuthPanel } from './AuthPanel.tsx';
import { OtherWays, SsoRefused } from './OtherWays.tsx';
import { SsoCode } from './SsoCode.tsx';

const route = getRouteApi('/open/auth/sign-in');

interface Fields {
  login: string;
  password: string;
  totp?: string;
}

export function SignInPage() {
  const t = useTranslations('auth');
  const { next, ended, sso, refused, request } = route.useSearch();
  const [address, setAddress] = useState('');
  const [form] = Form.useForm<Fields>();
  const router = useRouter();
  const client = useQueryClient();
  const login = useChange('login', {
    onDone: async () => {
      await askForSession(client);
      router.history.push(safeNext(next));
    },
  });
  const refusal = useFormRefusal(form, login.error);
  const needsCode = login.error instanceof ApiError && login.error.code === 'totp_required';
  const required = [{ required: true, message: t('required') }];
  if (sso) return <SsoCode state={sso} />;
  return (
    <AuthPanel title={t('signInTitle')}>
      {ended && !refusal && <Alert type="info" showIcon title={t('sessionEnded')} />}
      {refused && !refusal && <SsoRefused code={refused} request={request} />}
      <Refused error={refusal} />
      <Form form={form} layout="vertical" onFinish={(fields) => login.mutate({ body: fields })}>
        <Form.Item name="login" label={t('login')} rules={required}>
          <Input
            autoComplete="username"
            autoFocus
            onBlur={(event) => setAddress(event.target.value.trim())}
          />
        </Form.Item>
        <Form.Item name="password" label={t('password')} rules={required}>
          <Input.Password autoComplete="current-password" />
        </Form.Item>
        {needsCode && (
          <Form.Item name="totp" label={t('code')} rules={required}>
            <Input autoComplete="one-time-code" inputMode="numeric" />
          </Form.Item>
        )}
        <Button type="primary" htmlType="submit" block loading={login.isPending}>
          {t('signIn')}
        </Button>
      </Form>
      <OtherWays login={address} next={next} />
      <div className="auth-links">
        <Link to={paths.forgotPassword}>{t('forgot')}</Link>
        <span>
          {t('noAccount')} <Link to={paths.signUp}>{t('createOne')}</Link>
        </span>
      </div>
    </AuthPanel>
  );
}
