import { App, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { newIdempotencyKey } from '../../api/idempotency-key.ts';
import { useChange } from '../../api/use-call.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import { useFormRefusal } from '../../features/errors/form-refusal.ts';
import { RoleField } from './RoleField.tsx';

interface InviteMemberProps {
  organizationId: string;
  onClose: () => void;
  onSent: () => void;
}

export function InviteMember({ organizationId, onClose, onSent }: InviteMemberProps) {
  const t = useTranslations('teams.invitations');
  const tUi = useTranslations('ui');
  const { message } = App.useApp();
  const [form] = Form.useForm<{ email: string; role: string }>();
  const [idempotencyKey, setIdempotencyKey] = useState(newIdempotencyKey);
  const invite = useChange('createInvitation', {
    refreshes: ['listInvitations'],
    onDone: ({ email }) => {
      void message.success(t('sent', { email }));
      onClose();
      onSent();
    },
  });
  const refusal = useFormRefusal(form, invite.error);
  return (
    <Modal
      open
      title={t('title')}
      okText={t('send')}
      cancelText={tUi('cancel')}
      okButtonProps={{ loading: invite.isPending }}
      onOk={form.submit}
      onCancel={onClose}
    >
      <div className="stack">
        <p>{t('note')}</p>
        <Refused error={refusal} />
        <Form
          form={form}
          layout="vertical"
          initialValues={{ role: 'member' }}
          onValuesChange={() => setIdempotencyKey(newIdempotencyKey())}
          onFinish={(body) =>
            invite.mutate({ idempotencyKey, params: { id: organizationId }, body })
          }
        >
          <Form.Item
            name="email"
            label={t('email')}
            rules={[{ required: true, type: 'email', message: t('emailRule') }]}
          >
            <Input type="email" autoComplete="off" autoFocus />
          </Form.Item>
          <RoleField organizationId={organizationId} />
        </Form>
      </div>
    </Modal>
  );
}
