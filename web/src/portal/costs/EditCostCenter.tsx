import { App, Form, Input, Modal } from 'antd';
import { useTranslations } from 'use-intl';
import { useChange } from '../../api/use-call.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import { useFormRefusal } from '../../features/errors/form-refusal.ts';
import type { CostCenter } from './CostCentersPanel.tsx';

interface Fields {
  code: string;
  name: string;
}

interface EditCostCenterProps {
  organizationId: string;
  /** Left out for a new one. */
  center?: CostCenter;
  onClose: () => void;
}

export function EditCostCenter({ organizationId, center, onClose }: EditCostCenterProps) {
  const t = useTranslations('costCenters');
  const tUi = useTranslations('ui');
  const { message } = App.useApp();
  const [form] = Form.useForm<Fields>();
  const options = {
    refreshes: ['listCostCenters', 'listApiKeys'],
    onDone: () => {
      void message.success(tUi('saved'));
      onClose();
    },
  } as const;
  const create = useChange('createCostCenter', options);
  const update = useChange('updateCostCenter', options);
  const refusal = useFormRefusal(form, create.error ?? update.error);
  const submit = (body: Fields) =>
    center
      ? update.mutate({ params: { id: organizationId, cost_center: center.id }, body })
      : create.mutate({ params: { id: organizationId }, body });
  return (
    <Modal
      open
      title={center ? t('editNamed', { code: center.code }) : t('add')}
      okText={tUi('save')}
      cancelText={tUi('cancel')}
      okButtonProps={{ loading: create.isPending || update.isPending }}
      onOk={form.submit}
      onCancel={onClose}
    >
      <div className="stack">
        <Refused error={refusal} />
        <Form
          form={form}
          layout="vertical"
          initialValues={{ code: center?.code, name: center?.name }}
          onFinish={submit}
        >
          <Form.Item
            name="code"
            label={t('code')}
            extra={t('codeNote')}
            rules={[
              { required: true, message: t('codeRule') },
              { pattern: /^\s*[A-Za-z0-9][A-Za-z0-9_.-]{0,39}\s*$/, message: t('codeRule') },
            ]}
          >
            <Input maxLength={40} />
          </Form.Item>
          <Form.Item
            name="name"
            label={t('name')}
            rules={[{ required: true, whitespace: true, message: t('nameRule') }]}
          >
            <Input maxLength={100} />
          </Form.Item>
        </Form>
      </div>
    </Modal>
  );
}
