import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Button, Form, Input } from 'antd';
import { useTranslations } from 'use-intl';
import { chooseOrganization } from '../../api/acting-organization.ts';
import { call } from '../../api/call.ts';
import { useChange } from '../../api/use-call.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import { useFormRefusal } from '../../features/errors/form-refusal.ts';
import { usePreferences } from '../../features/preferences/PreferencesProvider.tsx';
import { askForSession } from '../../features/session/session.ts';
import { paths } from '../../paths.ts';
import { passwordLengthMin } from '../auth/password-rule.ts';
import type { Invitation } from './InvitationPage.tsx';

interface Fields {
  name?: string;
  password: string;
}

/** Makes an account with the address that was invited, or leads to the one that is there. */
export function JoinAnew({ invitation, token }: { invitation: Invitation; token: string }) {
  const t = useTranslations('teams.invitation');
  const { language } = usePreferences();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [form] = Form.useForm<Fields>();
  const { email } = invitation;
  const register = useChange('register', {
    onDone: async () => {
      const { password } = form.getFieldsValue();
      await call('login', { body: { login: email, password } });
      const me = await askForSession(client);
      chooseOrganization(me?.organizations.find(({ personal }) => !personal)?.id);
      await navigate({ to: paths.dashboard });
    },
  });
  const refusal = useFormRefusal(form, register.error);
  const submit = ({ name, password }: Fields) =>
    register.mutate({
      body: { email, password, ...(name && { name }), locale: language, invitation: token },
    });
  return (
    <>
      <Link to={paths.signIn} search={{ next: `${paths.invitation}?token=${token}` }}>
        {t('haveAccount')}
      </Link>
      <p>{t('newAccount', { email })}</p>
      <Refused error={refusal} />
      <Form form={form} layout="vertical" onFinish={submit}>
        <Form.Item name="name" label={t('name')}>
          <Input autoComplete="name" maxLength={100} />
        </Form.Item>
        <Form.Item
          name="password"
          label={t('password')}
          extra={t('passwordRule')}
          rules={[{ required: true, min: passwordLengthMin, message: t('passwordRule') }]}
        >
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        <Button type="primary" htmlType="submit" block loading={register.isPending}>
          {t('create')}
        </Button>
      </Form>
    </>
  );
}
