import { App, Form, Input, Modal } from 'antd';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { useChange } from '../../api/use-call.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import { useFormRefusal } from '../../features/errors/form-refusal.ts';
import { AssignmentFields } from './AssignmentFields.tsx';
import { LimitFields } from './LimitFields.tsx';
import { fieldsOf, type LimitFields as Limits, limitsOf } from './limits.ts';
import { ModelsField } from './ModelsField.tsx';

type ApiKey = Answer<'listApiKeys'>['data'][number];

interface Fields extends Limits {
  name: string;
  user?: string;
  cost_center?: string | null;
  allowed_models?: string[];
}

/** Changes a key; its limits hold for the next call. */
export function EditKey({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  const t = useTranslations('keys');
  const tUi = useTranslations('ui');
  const { message } = App.useApp();
  const [form] = Form.useForm<Fields>();
  const update = useChange('updateApiKey', {
    refreshes: ['listApiKeys', 'listQuotas'],
    onDone: () => {
      void message.success(tUi('saved'));
      onClose();
    },
  });
  const refusal = useFormRefusal(form, update.error);
  const submit = ({ name, user, cost_center, allowed_models = [], ...limits }: Fields) =>
    update.mutate({
      params: { id: apiKey.id },
      body: {
        name,
        allowed_models: allowed_models.length > 0 ? allowed_models : null,
        ...limitsOf(limits),
        // Only those who manage members have the fields.
        ...(user !== undefined && { user, cost_center: cost_center ?? null }),
      },
    });
  return (
    <Modal
      open
      title={t('editTitle', { name: apiKey.name })}
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
        initialValues={{
          name: apiKey.name,
          user: apiKey.user.id,
          cost_center: apiKey.cost_center?.inherited === false ? apiKey.cost_center.id : undefined,
          allowed_models: apiKey.allowed_models ?? [],
          ...fieldsOf(apiKey),
        }}
        onFinish={submit}
      >
        <Form.Item
          name="name"
          label={t('name')}
          rules={[{ required: true, whitespace: true, message: t('nameRule') }]}
        >
          <Input maxLength={100} />
        </Form.Item>
        <AssignmentFields />
        <ModelsField />
        <LimitFields />
      </Form>
    </Modal>
  );
}
