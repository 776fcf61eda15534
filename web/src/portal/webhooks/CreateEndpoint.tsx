import { Form, Modal } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { newIdempotencyKey } from '../../api/idempotency-key.ts';
import { useChange } from '../../api/use-call.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import { useFormRefusal } from '../../features/errors/form-refusal.ts';
import { bodyOf, EndpointFields, type EndpointForm, emptyForm } from './EndpointFields.tsx';
import { NewSecret } from './NewSecret.tsx';
import { endpointReads } from './webhook.ts';

/** Asks for an address and events, then shows the secret for the one time that it exists outside the caller's hands. */
export function CreateEndpoint({ onClose }: { onClose: () => void }) {
  const t = useTranslations('webhooks');
  const tUi = useTranslations('ui');
  const [form] = Form.useForm<EndpointForm>();
  const [idempotencyKey, setIdempotencyKey] = useState(newIdempotencyKey);
  const create = useChange('createWebhookEndpoint', { refreshes: endpointReads });
  const refusal = useFormRefusal(form, create.error);
  if (create.data) return <NewSecret secret={create.data.secret} onClose={onClose} />;
  return (
    <Modal
      open
      title={t('add')}
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
        initialValues={emptyForm}
        onFinish={(values) => create.mutate({ idempotencyKey, body: bodyOf(values) })}
        onValuesChange={() => setIdempotencyKey(newIdempotencyKey())}
      >
        <EndpointFields />
      </Form>
    </Modal>
  );
}
