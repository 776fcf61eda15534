import { Link } from '@tanstack/react-router';
import { Alert, Button, Form, Input } from 'antd';
import { useTranslations } from 'use-intl';
import { useChange } from '../../api/use-call.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import { useFormRefusal } from '../../features/errors/form-refusal.ts';
import { paths } from '../../paths.ts';
import { AuthPanel } from './AuthPanel.tsx';
import { SandboxMailbox } from './SandboxMailbox.tsx';

export function ForgotPasswordPage() {
  const t = useTranslations('auth');
  const [form] = Form.useForm<{ email: string }>();
  const forgot = useChange('forgotPassword');
  const refusal = useFormRefusal(form, forgot.error);
  const sentTo = forgot.isSuccess ? forgot.variables.body.email : undefined;
  return (
    <AuthPanel title={t('forgotTitle')}>
      <Refused error={refusal} />
      {sentTo ? (
        <>
          <Alert type="success" showIcon title={t('linkSent', { email: sentTo })} />
          <SandboxMailbox to={sentTo} />
        </>
      ) : (
        <Form form={form} layout="vertical" onFinish={(body) => forgot.mutate({ body })}>
          <p className="soft">{t('forgotNote')}</p>
          <Form.Item
            name="email"
            label={t('email')}
            rules={[{ required: true, message: t('required') }]}
          >
            <Input type="email" autoComplete="email" autoFocus />
          </Form.Item>
          <Button type="primary" htmlType="submit" block loading={forgot.isPending}>
            {t('sendLink')}
          </Button>
        </Form>
      )}
      <Link to={paths.signIn}>{t('toSignIn')}</Link>
    </AuthPanel>
  );
}
