import { Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { newIdempotencyKey } from '../../api/idempotency-key.ts';
import { useChange } from '../../api/use-call.ts';
import { useDeployment } from '../../features/deployment/deployment.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import { useBusinessClock } from '../../ui/clock.ts';

const hourMs = 3_600_000;
/** Enough to try things out, and little enough to lose. */
const capSuggested = '0.50';

interface BorrowKeyProps {
  onMade: (secret: string) => void;
  onClose: () => void;
}

/** Makes a key for this page alone: it ends within the hour, and cannot spend more than is set here. */
export function BorrowKey({ onMade, onClose }: BorrowKeyProps) {
  const t = useTranslations('playground');
  const tUi = useTranslations('ui');
  const [form] = Form.useForm<{ cap: string }>();
  const now = useBusinessClock();
  const currency = useDeployment()?.usage_currency ?? 'USD';
  const [idempotencyKey, setIdempotencyKey] = useState(newIdempotencyKey);
  const create = useChange('createApiKey', {
    refreshes: ['listApiKeys'],
    onDone: ({ key }) => onMade(key),
  });
  const submit = ({ cap }: { cap: string }) =>
    create.mutate({
      idempotencyKey,
      body: {
        name: t('keyName'),
        expires_at: new Date(now().getTime() + hourMs).toISOString(),
        spend_caps: { total: cap.trim() },
      },
    });
  return (
    <Modal
      open
      title={t('borrowTitle')}
      okText={t('borrowConfirm')}
      cancelText={tUi('cancel')}
      okButtonProps={{ loading: create.isPending }}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <Refused error={create.error} />
      <Form
        form={form}
        layout="vertical"
        initialValues={{ cap: capSuggested }}
        onFinish={submit}
        onValuesChange={() => setIdempotencyKey(newIdempotencyKey())}
      >
        <Form.Item
          name="cap"
          label={t('cap')}
          extra={t('borrowNote')}
          rules={[{ required: true, pattern: /^\s*\d+(\.\d{1,9})?\s*$/, message: t('capRule') }]}
        >
          <Input inputMode="decimal" suffix={currency} autoFocus />
        </Form.Item>
      </Form>
    </Modal>
  );
}
