import { useQuery } from '@tanstack/react-query';
import { App, Form, Modal, Select } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { reading, useChange } from '../../api/use-call.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import { useFormRefusal } from '../../features/errors/form-refusal.ts';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { usePlatformRoleName } from '../../features/session/role-name.ts';
import { useSession } from '../../features/session/session.ts';
import { useOperatorRoleName } from './role-name.ts';

type User = Pick<Answer<'inspectUser'>, 'id' | 'name' | 'email' | 'platform_role'>;

/** Makes somebody an operator, or a customer again. */
export function AssignRole({ user }: { user: User }) {
  const t = useTranslations('console.roles');
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <AllowedButton operation="setPlatformRole" onClick={() => setOpen(true)}>
        {t('assign')}
      </AllowedButton>
      {isOpen && <AssignForm user={user} onClose={() => setOpen(false)} />}
    </>
  );
}

function AssignForm({ user, onClose }: { user: User; onClose: () => void }) {
  const t = useTranslations('console.roles');
  const tUi = useTranslations('ui');
  const { message } = App.useApp();
  const [form] = Form.useForm<{ role: string }>();
  const name = user.name ?? user.email;
  const assign = useChange('setPlatformRole', {
    refreshes: ['inspectUser', 'searchUsers', 'listPlatformRoles', 'getMe'],
    onDone: () => {
      void message.success(t('assigned', { name }));
      onClose();
    },
  });
  const refusal = useFormRefusal(form, assign.error);
  return (
    <Modal
      open
      title={t('assignTitle', { name })}
      okText={tUi('save')}
      cancelText={tUi('cancel')}
      okButtonProps={{ loading: assign.isPending }}
      onOk={form.submit}
      onCancel={onClose}
    >
      <div className="stack">
        <p>{t('assignNote')}</p>
        <Refused error={refusal} />
        <Form
          form={form}
          layout="vertical"
          initialValues={{ role: user.platform_role }}
          onFinish={(body) => assign.mutate({ params: { id: user.id }, body })}
        >
          <Form.Item name="role" label={t('title')} rules={[{ required: true }]}>
            <RoleSelect />
          </Form.Item>
        </Form>
      </div>
    </Modal>
  );
}

/** One that holds more than the chooser does is there, but out of reach. */
function RoleSelect(field: { value?: string; onChange?: (value: string) => void }) {
  const roles = useQuery(reading('listPlatformRoles'));
  const customerName = usePlatformRoleName();
  const roleName = useOperatorRoleName();
  const { platformPermissions: own } = useSession();
  const options = (roles.data?.data ?? []).map((role) => ({
    value: role.id,
    label: roleName(role),
    disabled: !role.permissions.every((permission) => own.includes(permission)),
  }));
  return (
    <Select
      {...field}
      loading={roles.isPending}
      options={[{ value: 'user', label: customerName('user') }, ...options]}
    />
  );
}
