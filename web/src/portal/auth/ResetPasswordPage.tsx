import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Alert, Button, Form, Input } from 'antd';
import { useTranslations } from 'use-intl';
import { useChange } from '../../api/use-call.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import { useFormRefusal } from '../../features/errors/form-refusal.ts';
import { ButtonLink } from '../../features/navigation/ButtonLink.tsx';
import { forgetSession } from '../../features/session/session.ts';
import { paths } from '../../paths.ts';
import { AuthPanel } from './AuthPanel.tsx';
import { passwordLengthMin } from './password-rule.ts';

const route = getRouteApi('/open/auth/reset-password');

export function ResetPasswordPage() {
  const t = useTranslations('auth');
  const { token } = route.useSearch();
  const [form] = Form.useForm<{ password: string }>();
  const client = useQueryClient();
  const reset = useChange('resetPassword', { onDone: () => forgetSession(client) });
  const refusal = useFormRefusal(form, reset.error);
  if (!token || reset.isSuccess) {
    return (
      <AuthPanel title={t('resetTitle')}>
        {reset.isSuccess ? (
          <Alert type="success" showIcon title={t('passwordSet')} />
        ) : (
          <Alert type="warning" showIcon title={t('linkMissing')} />
        )}
        <ButtonLink to={paths.signIn} isPrimary>
          {t('toSignIn')}
        </ButtonLink>
      </AuthPanel>
    );
  }
  return (
    <AuthPanel title={t('resetTitle')}>
      <p className="soft">{t('resetNote')}</p>
      <Refused error={refusal} />
      <Form
        form={form}
        layout="vertical"
        onFinish={({ password }) => reset.mutate({ body: { token, password } })}
      >
        <Form.Item
          name="password"
          label={t('newPassword')}
          extra={t('passwordRule')}
          rules={[{ required: true, min: passwordLengthMin, message: t('passwordShort') }]}
        >
          <Input.Password autoComplete="new-password" autoFocus />
        </Form.Item>
        <Button type="primary" htmlType="submit" block loading={reset.isPending}>
          {t('setPassword')}
        </Button>
      </Form>
    </AuthPanel>
  );
}
