import { App, Form, Input, Modal } from 'antd';
import { useTranslations } from 'use-intl';
import { useChange } from '../../api/use-call.ts';
import { ConfirmRemoval } from '../../features/errors/ConfirmRemoval.tsx';
import { Refused } from '../../features/errors/Failure.tsx';
import { useFormRefusal } from '../../features/errors/form-refusal.ts';
import type { Passkey } from './PasskeysPanel.tsx';

interface ChangeProps {
  passkey: Passkey;
  onClose: () => void;
}

export function RenamePasskey({ passkey, onClose }: ChangeProps) {
  const t = useTranslations('security.passkeys');
  const tAll = useTranslations('security');
  const tUi = useTranslations('ui');
  const [form] = Form.useForm<{ name: string }>();
  const rename = useChange('renamePasskey', { refreshes: ['listPasskeys'], onDone: onClose });
  const refusal = useFormRefusal(form, rename.error);
  return (
    <Modal
      open
      title={t('renameNamed', { name: passkey.name })}
      okText={tUi('save')}
      cancelText={tUi('cancel')}
      okButtonProps={{ loading: rename.isPending }}
      onOk={form.submit}
      onCancel={onClose}
    >
      <Refused error={refusal} />
      <Form
        name="passkey-name"
        form={form}
        layout="vertical"
        initialValues={{ name: passkey.name }}
        onFinish={(body) => rename.mutate({ params: { id: passkey.id }, body })}
      >
        <Form.Item
          name="name"
          label={t('name')}
          rules={[{ required: true, whitespace: true, message: tAll('required') }]}
        >
          <Input maxLength={60} autoFocus />
        </Form.Item>
      </Form>
    </Modal>
  );
}

export function RemovePasskey({ passkey, onClose }: ChangeProps) {
  const t = useTranslations('security.passkeys');
  const { message } = App.useApp();
  const remove = useChange('removePasskey', {
    refreshes: ['listPasskeys', 'getMySecurity'],
    onDone: () => {
      void message.success(t('removed'));
      onClose();
    },
  });
  return (
    <ConfirmRemoval
      title={t('removeTitle', { name: passkey.name })}
      note={t('removeNote')}
      okText={t('remove')}
      error={remove.error}
      isPending={remove.isPending}
      onConfirm={() => remove.mutate({ params: { id: passkey.id } })}
      onClose={onClose}
    />
  );
}
