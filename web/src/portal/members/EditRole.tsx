import {
  permissions as allPermissions,
  ownersPermission,
  type Permission,
} from '@sluice/contract/permissions';
import { App, Checkbox, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { newIdempotencyKey } from '../../api/idempotency-key.ts';
import { useChange } from '../../api/use-call.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import { useFormRefusal } from '../../features/errors/form-refusal.ts';
import { useSession } from '../../features/session/session.ts';
import { areas, inArea } from './areas.ts';
import type { Role } from './RolesPanel.tsx';

type Givable = Exclude<Permission, typeof ownersPermission>;

interface Fields {
  name: string;
  permissions: Givable[];
}

interface EditRoleProps {
  organizationId: string;
  /** Undefined makes a new one. */
  role: Role | undefined;
  onClose: () => void;
}

export function EditRole({ organizationId, role, onClose }: EditRoleProps) {
  const t = useTranslations('teams.roles');
  const tUi = useTranslations('ui');
  const { message } = App.useApp();
  const [form] = Form.useForm<Fields>();
  const [idempotencyKey, setIdempotencyKey] = useState(newIdempotencyKey);
  const options = {
    refreshes: ['listRoles', 'getMe', 'listMembers'] as const,
    onDone: () => {
      void message.success(t('saved'));
      onClose();
    },
  };
  const create = useChange('createRole', options);
  const update = useChange('updateRole', options);
  const { error, isPending } = role ? update : create;
  const refusal = useFormRefusal(form, error);
  const submit = (body: Fields) => {
    const params = { id: organizationId };
    if (role) update.mutate({ params: { ...params, role_id: role.id }, body });
    else create.mutate({ idempotencyKey, params, body });
  };
  return (
    <Modal
      open
      title={role ? t('editTitle', { name: role.name }) : t('create')}
      okText={tUi('save')}
      cancelText={tUi('cancel')}
      okButtonProps={{ loading: isPending }}
      onOk={form.submit}
      onCancel={onClose}
    >
      <Refused error={refusal} />
      <Form
        form={form}
        layout="vertical"
        initialValues={{ name: role?.name, permissions: role?.permissions ?? [] }}
        onValuesChange={() => setIdempotencyKey(newIdempotencyKey())}
        onFinish={submit}
      >
        <Form.Item
          name="name"
          label={t('name')}
          rules={[{ required: true, whitespace: true, message: t('nameRule') }]}
        >
          <Input maxLength={60} autoFocus />
        </Form.Item>
        <Form.Item
          name="permissions"
          label={t('permissions')}
          rules={[{ required: true, message: t('permissionsRule') }]}
        >
          <Permissions />
        </Form.Item>
      </Form>
    </Modal>
  );
}

const givable = allPermissions.filter(
  (permission): permission is Givable => permission !== ownersPermission,
);

/** Nobody gives what they do not have: such a box says so. */
function Permissions(field: { value?: Givable[]; onChange?: (value: Givable[]) => void }) {
  const t = useTranslations('teams');
  const { organization } = useSession();
  return (
    <Checkbox.Group {...field}>
      <div className="stack">
        {areas.map((area) => (
          <fieldset key={area}>
            <legend>{t(`roles.areas.${area}`)}</legend>
            {givable.filter(inArea(area)).map((permission) => {
              const isOwn = organization?.permissions.includes(permission) ?? false;
              return (
                <div key={permission}>
                  <Checkbox
                    value={permission}
                    disabled={!isOwn}
                    {...(!isOwn && { title: t('roles.notYours') })}
                  >
                    {t(`permissions.${permission}`)}
                  </Checkbox>
                </div>
              );
            })}
          </fieldset>
        ))}
      </div>
    </Checkbox.Group>
  );
}
