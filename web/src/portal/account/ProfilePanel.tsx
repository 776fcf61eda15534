import { App, Form, Input } from 'antd';
import { useTranslations } from 'use-intl';
import { useChange } from '../../api/use-call.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import { useFormRefusal } from '../../features/errors/form-refusal.ts';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { useSession } from '../../features/session/session.ts';
import { Facts } from '../../ui/Facts.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Status } from '../../ui/Status.tsx';

interface Fields {
  name: string;
  username: string;
}

export function ProfilePanel() {
  const t = useTranslations('account');
  const tUi = useTranslations('ui');
  const { user } = useSession();
  const { message } = App.useApp();
  const [form] = Form.useForm<Fields>();
  const update = useChange('updateMe', {
    refreshes: ['getMe'],
    onDone: () => void message.success(tUi('saved')),
  });
  const refusal = useFormRefusal(form, update.error);
  const submit = ({ name, username }: Fields) =>
    update.mutate({ body: { name: name || null, username: username || null } });
  return (
    <Panel title={t('profile')}>
      <Facts items={[{ label: t('email'), value: <Email user={user} /> }]} />
      <Refused error={refusal} />
      <Form
        name="profile"
        form={form}
        layout="vertical"
        initialValues={{ name: user.name ?? '', username: user.username ?? '' }}
        onFinish={submit}
      >
        <Form.Item name="name" label={t('name')}>
          <Input autoComplete="name" maxLength={100} />
        </Form.Item>
        <Form.Item name="username" label={t('username')} extra={t('usernameNote')}>
          <Input autoComplete="username" maxLength={32} />
        </Form.Item>
        <AllowedButton operation="updateMe" htmlType="submit" loading={update.isPending}>
          {tUi('save')}
        </AllowedButton>
      </Form>
    </Panel>
  );
}

function Email({ user }: { user: ReturnType<typeof useSession>['user'] }) {
  const t = useTranslations('account');
  return (
    <span className="actions">
      {user.email}
      <Status tone={user.email_verified ? 'good' : 'warning'}>
        {t(user.email_verified ? 'verified' : 'unverified')}
      </Status>
    </span>
  );
}
