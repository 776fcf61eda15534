import { App, Form, Input, Modal } from 'antd';
import { useTranslations } from 'use-intl';
import { useChange } from '../../api/use-call.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import { useFormRefusal } from '../../features/errors/form-refusal.ts';
import type { Capped } from './CapsPanel.tsx';

const spans = ['day', 'month', 'total'] as const;
type Fields = Record<(typeof spans)[number], string>;

interface EditCapsProps {
  row: Capped;
  organizationId: string;
  onClose: () => void;
}

export function EditCaps({ row, organizationId, onClose }: EditCapsProps) {
  const t = useTranslations('costCenters');
  const tUi = useTranslations('ui');
  const { message } = App.useApp();
  const [form] = Form.useForm<Fields>();
  const save = useChange('setSpendCaps', {
    refreshes: ['listSpendCaps', 'listQuotas'],
    onDone: () => {
      void message.success(tUi('saved'));
      onClose();
    },
  });
  const refusal = useFormRefusal(form, save.error);
  const submit = (fields: Fields) => {
    const cap = (text: string | undefined) => (text?.trim() ? text.trim() : null);
    const { day, month, total } = fields;
    save.mutate({
      params: { id: organizationId },
      body: { subject: row.subject, day: cap(day), month: cap(month), total: cap(total) },
    });
  };
  return (
    <Modal
      open
      title={t('editCapsNamed', { name: row.name })}
      okText={tUi('save')}
      cancelText={tUi('cancel')}
      okButtonProps={{ loading: save.isPending }}
      onOk={form.submit}
      onCancel={onClose}
    >
      <div className="stack">
        <Refused error={refusal} />
        <p className="soft">{t(`capsNote.${row.subject.kind}`)}</p>
        <Form
          form={form}
          layout="vertical"
          initialValues={{
            day: row.day?.limit ?? '',
            month: row.month?.limit ?? '',
            total: row.total?.limit ?? '',
          }}
          onFinish={submit}
        >
          {spans.map((span) => (
            <Form.Item
              key={span}
              name={span}
              label={t(`spans.${span}`)}
              rules={[{ pattern: /^\s*(\d+(\.\d{1,9})?)?\s*$/, message: t('amountRule') }]}
            >
              <Input inputMode="decimal" suffix={row.currency} placeholder={t('none')} />
            </Form.Item>
          ))}
        </Form>
      </div>
    </Modal>
  );
}
