import { Checkbox, Form, Input, Modal } from 'antd';
import { useTranslations } from 'use-intl';
import { Refused } from '../errors/Failure.tsx';
import { useFormRefusal } from '../errors/form-refusal.ts';
import type { PermissionArea } from './PermissionMatrix.tsx';

export interface RoleFields<P extends string> {
  name: string;
  permissions: P[];
}

interface RoleFormProps<P extends string> {
  /** Undefined for a new one. */
  role: RoleFields<P> | undefined;
  areas: PermissionArea[];
  /** What the person holds who makes the role. */
  own: readonly string[];
  change: { error: Error | null; isPending: boolean };
  onEdit: () => void;
  onSave: (fields: RoleFields<P>) => void;
  onClose: () => void;
}

/** Names a role and says what it allows. */
export function RoleForm<P extends string>({
  role,
  areas,
  own,
  change,
  onEdit,
  onSave,
  onClose,
}: RoleFormProps<P>) {
  const t = useTranslations('teams.roles');
  const tUi = useTranslations('ui');
  const [form] = Form.useForm<RoleFields<P>>();
  const refusal = useFormRefusal(form, change.error);
  return (
    <Modal
      open
      title={role ? t('editTitle', { name: role.name }) : t('create')}
      okText={tUi('save')}
      cancelText={tUi('cancel')}
      okButtonProps={{ loading: change.isPending }}
      onOk={form.submit}
      onCancel={onClose}
    >
      <Refused error={refusal} />
      <Form<RoleFields<P>>
        form={form}
        layout="vertical"
        initialValues={{ name: role?.name, permissions: role?.permissions ?? [] }}
        onValuesChange={onEdit}
        onFinish={onSave}
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
          <PermissionChoice areas={areas} own={own} />
        </Form.Item>
      </Form>
    </Modal>
  );
}

interface PermissionChoiceProps {
  areas: PermissionArea[];
  own: readonly string[];
  value?: string[];
  onChange?: (value: string[]) => void;
}

/** Nobody gives what they do not have: such a box says so. */
function PermissionChoice({ areas, own, ...field }: PermissionChoiceProps) {
  const t = useTranslations('teams.roles');
  return (
    <Checkbox.Group {...field}>
      <div className="stack">
        {areas.map((area) => (
          <fieldset key={area.key}>
            <legend>{area.label}</legend>
            {area.permissions.map(({ key, label }) => {
              const isOwn = own.includes(key);
              return (
                <div key={key}>
                  <Checkbox value={key} disabled={!isOwn} {...(!isOwn && { title: t('notYours') })}>
                    {label}
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
