/** The second step after a provider's sign-in, for people with an authenticator of their own. */
import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { Button, Form, Input } from 'antd';
import { useTranslations } from 'use-intl';
import { useChange } from '../../api/use-call.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import { useFormRefusal } from '../../features/errors/form-refusal.ts';
import { safeNext } from '../../features/session/safe-next.ts';
import { askForSession } from '../../features/session/session.ts';
import { WithWords } from '../../features/words/WithWords.tsx';
import { ssoWords } from '../../i18n/messages.ts';
import { AuthPanel } from './AuthPanel.tsx';

export function SsoCode({ state }: { state: string }) {
  return (
    <WithWords words={ssoWords}>
      <CodeForm state={state} />
    </WithWords>
  );
}

function CodeForm({ state }: { state: string }) {
  const t = useTranslations('sso');
  const [form] = Form.useForm<{ totp: string }>();
  const router = useRouter();
  const client = useQueryClient();
  const finish = useChange('finishSignIn', {
    onDone: async ({ next }) => {
      await askForSession(client);
      router.history.push(safeNext(next));
    },
  });
  const refusal = useFormRefusal(form, finish.error);
  return (
    <AuthPanel title={t('codeTitle')}>
      <p>{t('codeNote')}</p>
      <Refused error={refusal} />
      <Form
        form={form}
        layout="vertical"
        onFinish={({ totp }) => finish.mutate({ body: { state, totp } })}
      >
        <Form.Item
          name="totp"
          label={t('code')}
          rules={[{ required: true, message: t('codeRequired') }]}
        >
          <Input autoComplete="one-time-code" inputMode="numeric" autoFocus />
        </Form.Item>
        <Button type="primary" htmlType="submit" block loading={finish.isPending}>
          {t('continue')}
        </Button>
      </Form>
    </AuthPanel>
  );
}
