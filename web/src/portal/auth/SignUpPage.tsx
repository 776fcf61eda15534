import { getRouteApi, Link } from '@tanstack/react-router';
import { Button, Form, Input } from 'antd';
import { useTranslations } from 'use-intl';
import { useChange } from '../../api/use-call.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import { useFormRefusal } from '../../features/errors/form-refusal.ts';
import { usePreferences } from '../../features/preferences/PreferencesProvider.tsx';
import { paths } from '../../paths.ts';
import { AuthPanel } from './AuthPanel.tsx';
import { passwordLengthMin } from './password-rule.ts';
import { SandboxMailbox } from './SandboxMailbox.tsx';

const route = getRouteApi('/open/auth/sign-up');
/** As long as the contract takes one. */
const codeLengthMax = 64;

interface Fields {
  email: string;
  password: string;
  name?: string;
}

export function SignUpPage() {
  const t = useTranslations('auth');
  const { language } = usePreferences();
  const invite = route.useSearch().invite?.slice(0, codeLengthMax);
  const [form] = Form.useForm<Fields>();
  const register = useChange('register');
  const refusal = useFormRefusal(form, register.error);
  if (register.data) return <CheckMail email={register.data.user.email} />;

  const submit = ({ name, ...fields }: Fields) =>
    register.mutate({
      body: {
        ...fields,
        ...(name && { name }),
        ...(invite && { invite_code: invite }),
        locale: language,
      },
    });
  return (
    <AuthPanel title={t('signUpTitle')}>
      {invite && <p>{t('invited', { code: invite })}</p>}
      <Refused error={refusal} />
      <Form form={form} layout="vertical" onFinish={submit}>
        <Form.Item
          name="email"
          label={t('email')}
          rules={[{ required: true, message: t('required') }]}
        >
          <Input type="email" autoComplete="email" autoFocus />
        </Form.Item>
        <Form.Item
          name="password"
          label={t('password')}
          extra={t('passwordRule')}
          rules={[{ required: true, min: passwordLengthMin, message: t('passwordShort') }]}
        >
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        <Form.Item name="name" label={t('name')}>
          <Input autoComplete="name" />
        </Form.Item>
        <Button type="primary" htmlType="submit" block loading={register.isPending}>
          {t('signUp')}
        </Button>
      </Form>
      <div>
        {t('haveAccount')} <Link to={paths.signIn}>{t('signIn')}</Link>
      </div>
    </AuthPanel>
  );
}

function CheckMail({ email }: { email: string }) {
  const t = useTranslations('auth');
  return (
    <AuthPanel title={t('checkMailTitle')}>
      <p role="status">{t('checkMail', { email })}</p>
      <SandboxMailbox to={email} />
      <Link to={paths.signIn}>{t('toSignIn')}</Link>
    </AuthPanel>
  );
}
