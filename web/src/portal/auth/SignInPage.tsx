import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link, useRouter } from '@tanstack/react-router';
import { Alert, Button, Form, Input } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { ApiError } from '../../api/api-error.ts';
import { reading, useChange } from '../../api/use-call.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import { useFormRefusal } from '../../features/errors/form-refusal.ts';
import { safeNext } from '../../features/session/safe-next.ts';
import { askForSession } from '../../features/session/session.ts';
import { paths } from '../../paths.ts';
import { AuthPanel } from './AuthPanel.tsx';
import { CodeStep, type Credentials } from './CodeStep.tsx';
import { OtherWays, SsoRefused } from './OtherWays.tsx';
import { PasskeyButton } from './PasskeyButton.tsx';
import { SsoCode } from './SsoCode.tsx';

const route = getRouteApi('/open/auth/sign-in');

export function SignInPage() {
  const t = useTranslations('auth');
  const { next, ended, sso, refused, request } = route.useSearch();
  const [address, setAddress] = useState('');
  const [secondStep, setSecondStep] = useState<Credentials>();
  const [form] = Form.useForm<Credentials>();
  const router = useRouter();
  const client = useQueryClient();
  const goOn = async () => {
    await askForSession(client);
    router.history.push(safeNext(next));
  };
  const login = useChange('login', { onDone: () => void goOn() });
  const refusal = useFormRefusal(form, login.error);
  const methods = useQuery(reading('getSignInMethods', { query: {} })).data?.methods ?? [];
  const hasPasskeys = methods.some(({ kind }) => kind === 'passkey');
  const required = [{ required: true, message: t('required') }];
  const submit = (fields: Credentials) =>
    login.mutate(
      { body: fields },
      {
        onError: (error) => {
          if (error instanceof ApiError && error.code === 'totp_required') setSecondStep(fields);
        },
      },
    );
  if (sso) return <SsoCode state={sso} />;
  if (secondStep) {
    const startOver = () => {
      login.reset();
      setSecondStep(undefined);
    };
    return <CodeStep credentials={secondStep} onDone={goOn} onStartOver={startOver} />;
  }
  return (
    <AuthPanel title={t('signInTitle')}>
      {ended && !refusal && <Alert type="info" showIcon title={t('sessionEnded')} />}
      {refused && !refusal && <SsoRefused code={refused} request={request} />}
      <Refused error={refusal} />
      <Form form={form} layout="vertical" onFinish={submit}>
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
        <Button type="primary" htmlType="submit" block loading={login.isPending}>
          {t('signIn')}
        </Button>
      </Form>
      {hasPasskeys && <PasskeyButton onDone={goOn} />}
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
