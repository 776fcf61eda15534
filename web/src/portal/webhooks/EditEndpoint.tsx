import { App, Form, Modal } from 'antd';
import { useTranslations } from 'use-intl';
import { useChange } from '../../api/use-call.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import { useFormRefusal } from '../../features/errors/form-refusal.ts';
import { bodyOf, EndpointFields, type EndpointForm, formOf } from './EndpointFields.tsx';
import { type Endpoint, endpointReads } from './webhook.ts';

export function EditEndpoint({ endpoint, onClose }: { endpoint: Endpoint; onClose: () => void }) {
  const t = useTranslations('webhooks');
  const tUi = useTranslations('ui');
  const { message } = App.useApp();
  const [form] = Form.useForm<EndpointForm>();
  const update = useChange('updateWebhookEndpoint', {
    refreshes: endpointReads,
    onDone: () => {
      void message.success(tUi('saved'));
      onClose();
    },
  });
  const refusal = useFormRefusal(form, update.error);
  return (
    <Modal
      open
      title={t('editTitle')}
      okText={tUi('save')}
      cancelText={tUi('cancel')}
      okButtonProps={{ loading: update.isPending }}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <Refused error={refusal} />
      <Form
        form={form}
        layout="vertical"
        initialValues={formOf(endpoint)}
        onFinish={(values) => update.mutate({ params: { id: endpoint.id }, body: bodyOf(values) })}
      >
        <EndpointFields />
      </Form>
    </Modal>
  );
}
