import { Button, Form, Input } from 'antd';
import { useTranslations } from 'use-intl';
import { useChange } from '../../api/use-call.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import { useFormRefusal } from '../../features/errors/form-refusal.ts';
import { AuthPanel } from './AuthPanel.tsx';

export interface Credentials {
  login: string;
  password: string;
}

interface CodeStepProps {
  /** They were right; they are sent again with the code. */
  credentials: Credentials;
  onDone: () => Promise<void>;
  onStartOver: () => void;
}

/** The second step of signing in. */
export function CodeStep({ credentials, onDone, onStartOver }: CodeStepProps) {
  const t = useTranslations('auth');
  const [form] = Form.useForm<{ totp: string }>();
  const login = useChange('login', { onDone: () => void onDone() });
  const refusal = useFormRefusal(form, login.error);
  return (
    <AuthPanel title={t('codeTitle')}>
      <p>{t('codeNote')}</p>
      <Refused error={refusal} />
      <Form
        form={form}
        layout="vertical"
        onFinish={({ totp }) => login.mutate({ body: { ...credentials, totp } })}
      >
        <Form.Item
          name="totp"
          label={t('code')}
          rules={[{ required: true, message: t('required') }]}
        >
          <Input autoComplete="one-time-code" autoFocus />
        </Form.Item>
        <Button type="primary" htmlType="submit" block loading={login.isPending}>
          {t('continue')}
        </Button>
      </Form>
      <Button type="link" onClick={onStartOver}>
        {t('startOver')}
      </Button>
    </AuthPanel>
  );
}
