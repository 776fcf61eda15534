import { Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { newIdempotencyKey } from '../../api/idempotency-key.ts';
import { useChange } from '../../api/use-call.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import { useFormRefusal } from '../../features/errors/form-refusal.ts';
import { SecretModal } from '../../features/secret/SecretModal.tsx';

interface CreateKeyProps {
  application: { id: string; name: string };
  onClose: () => void;
}

/** Asks for a name, then shows the secret for the one time that it can be seen. */
export function CreateKey({ application: { id, name }, onClose }: CreateKeyProps) {
  const t = useTranslations('console.applicationKeys');
  const tUi = useTranslations('ui');
  const [form] = Form.useForm<{ name: string }>();
  const [idempotencyKey, setIdempotencyKey] = useState(newIdempotencyKey);
  const create = useChange('createApplicationKey', { refreshes: ['listApplicationKeys'] });
  const refusal = useFormRefusal(form, create.error);
  if (create.data) return <NewSecret secret={create.data.key} onClose={onClose} />;
  return (
    <Modal
      open
      title={t('createTitle', { application: name })}
      okText={t('create')}
      cancelText={tUi('cancel')}
      okButtonProps={{ loading: create.isPending }}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <Refused error={refusal} />
      <Form
        form={form}
        layout="vertical"
        onFinish={(body) => create.mutate({ params: { id }, body, idempotencyKey })}
        onValuesChange={() => setIdempotencyKey(newIdempotencyKey())}
      >
        <Form.Item
          name="name"
          label={t('name')}
          rules={[{ required: true, whitespace: true, message: t('nameRule') }]}
        >
          <Input placeholder={t('namePlaceholder')} maxLength={100} autoFocus />
        </Form.Item>
      </Form>
    </Modal>
  );
}

function NewSecret({ secret, onClose }: { secret: string; onClose: () => void }) {
  const t = useTranslations('console.applicationKeys');
  return (
    <SecretModal
      secret={secret}
      onClose={onClose}
      words={{
        title: t('secretTitle'),
        note: t('secretNote'),
        label: t('secret'),
        copy: t('copySecret'),
        done: t('done'),
      }}
    />
  );
}
