import { App, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { newIdempotencyKey } from '../../api/idempotency-key.ts';
import { useChange } from '../../api/use-call.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import { useFormRefusal } from '../../features/errors/form-refusal.ts';
import { WithWords } from '../../features/words/WithWords.tsx';
import { teamWords } from '../../i18n/messages.ts';

interface CreateOrganizationProps {
  onClose: () => void;
  onCreated: (id: string) => void;
}

export function CreateOrganization(props: CreateOrganizationProps) {
  return (
    <WithWords words={teamWords}>
      <CreateForm {...props} />
    </WithWords>
  );
}

function CreateForm({ onClose, onCreated }: CreateOrganizationProps) {
  const t = useTranslations('teams.organization');
  const tUi = useTranslations('ui');
  const { message } = App.useApp();
  const [form] = Form.useForm<{ name: string }>();
  const [idempotencyKey] = useState(newIdempotencyKey);
  const create = useChange('createOrganization', {
    refreshes: ['getMe'],
    onDone: ({ id, name }) => {
      void message.success(t('created', { name }));
      onClose();
      onCreated(id);
    },
  });
  const refusal = useFormRefusal(form, create.error);
  return (
    <Modal
      open
      title={t('create')}
      okText={t('createDo')}
      cancelText={tUi('cancel')}
      okButtonProps={{ loading: create.isPending }}
      onOk={form.submit}
      onCancel={onClose}
    >
      <div className="stack">
        <p>{t('createNote')}</p>
        <Refused error={refusal} />
        <Form
          form={form}
          layout="vertical"
          onFinish={(body) => create.mutate({ idempotencyKey, body })}
        >
          <Form.Item name="name" label={t('name')} rules={[{ required: true, whitespace: true }]}>
            <Input maxLength={100} autoFocus />
          </Form.Item>
        </Form>
      </div>
    </Modal>
  );
}
