import { App, Form, Modal } from 'antd';
import { useTranslations } from 'use-intl';
import { useChange } from '../../api/use-call.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import { useFormRefusal } from '../../features/errors/form-refusal.ts';
import type { Member } from './MembersPanel.tsx';
import { RoleField } from './RoleField.tsx';

interface ChangeRoleProps {
  member: Member;
  organizationId: string;
  onClose: () => void;
}

export function ChangeRole({ member, organizationId, onClose }: ChangeRoleProps) {
  const t = useTranslations('teams.members');
  const tUi = useTranslations('ui');
  const { message } = App.useApp();
  const [form] = Form.useForm<{ role: string }>();
  const name = member.name ?? member.email;
  const change = useChange('updateMember', {
    refreshes: ['listMembers', 'listRoles', 'getMe'],
    onDone: () => {
      void message.success(t('roleSaved', { name }));
      onClose();
    },
  });
  const refusal = useFormRefusal(form, change.error);
  return (
    <Modal
      open
      title={t('changeRoleNamed', { name })}
      okText={tUi('save')}
      cancelText={tUi('cancel')}
      okButtonProps={{ loading: change.isPending }}
      onOk={form.submit}
      onCancel={onClose}
    >
      <div className="stack">
        <Refused error={refusal} />
        <Form
          form={form}
          layout="vertical"
          initialValues={{ role: member.role }}
          onFinish={(body) =>
            change.mutate({ params: { id: organizationId, user_id: member.id }, body })
          }
        >
          <RoleField organizationId={organizationId} />
        </Form>
      </div>
    </Modal>
  );
}
