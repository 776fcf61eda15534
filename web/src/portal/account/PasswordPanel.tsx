import { Alert, App, Button, Form, Input } from 'antd';
import { useTranslations } from 'use-intl';
import { useChange } from '../../api/use-call.ts';
import { Failure, Refused } from '../../features/errors/Failure.tsx';
import { useFormRefusal } from '../../features/errors/form-refusal.ts';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { useSession } from '../../features/session/session.ts';
import { Loading } from '../../ui/Loading.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { passwordLengthMin } from '../auth/password-rule.ts';
import { type Proof, ProveAgain, wantsProof } from './ProveAgain.tsx';
import { useSecurity } from './security.ts';

/** Another password, for whoever knows the old one; the mailbox serves who does not. */
export function PasswordPanel() {
  const t = useTranslations('security.passwordPanel');
  const security = useSecurity();
  if (security.error && !security.data) {
    return <Failure error={security.error} onRetry={() => void security.refetch()} />;
  }
  const note = security.data?.has_password === false ? t('none') : undefined;
  return (
    <Panel title={t('title')} note={note}>
      {security.data ? (
        <PasswordForm hasPassword={security.data.has_password} />
      ) : (
        <Loading rows={3} />
      )}
    </Panel>
  );
}

interface Fields {
  old_password?: string;
  password: string;
}

function PasswordForm({ hasPassword }: { hasPassword: boolean }) {
  const t = useTranslations('security.passwordPanel');
  const tAll = useTranslations('security');
  const { message } = App.useApp();
  const [form] = Form.useForm<Fields>();
  const change = useChange('changePassword', {
    refreshes: ['getMySecurity', 'listMySessions'],
    onDone: () => {
      form.resetFields();
      void message.success(t('changed'));
    },
  });
  const asksProof = !hasPassword && wantsProof(change.error);
  const refusal = useFormRefusal(form, asksProof ? null : change.error);
  const submit = ({ totp }: Proof = {}) =>
    change.mutate({ body: { ...form.getFieldsValue(), ...(totp && { totp }) } });
  return (
    <>
      <Refused error={refusal} />
      <Form name="password-change" form={form} layout="vertical" onFinish={() => submit()}>
        {hasPassword && (
          <Form.Item
            name="old_password"
            label={t('old')}
            rules={[{ required: true, message: tAll('required') }]}
          >
            <Input.Password autoComplete="current-password" />
          </Form.Item>
        )}
        <Form.Item
          name="password"
          label={t('next')}
          extra={t('rule')}
          rules={[{ required: true, min: passwordLengthMin, message: t('short') }]}
        >
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        <div className="actions">
          <AllowedButton operation="changePassword" htmlType="submit" loading={change.isPending}>
            {hasPassword ? t('change') : t('set')}
          </AllowedButton>
          {hasPassword && <ForgottenLink />}
        </div>
      </Form>
      {asksProof && (
        <ProveAgain
          error={change.error}
          isPending={change.isPending}
          onProof={submit}
          onCancel={change.reset}
        />
      )}
    </>
  );
}

function ForgottenLink() {
  const t = useTranslations('security.passwordPanel');
  const { email } = useSession().user;
  const send = useChange('forgotPassword');
  if (send.isSuccess) return <Alert type="success" showIcon title={t('linkSent', { email })} />;
  return (
    <>
      <Button type="link" loading={send.isPending} onClick={() => send.mutate({ body: { email } })}>
        {t('forgot')}
      </Button>
      <Refused error={send.error} />
    </>
  );
}
