/** Asks for the reason of something that cannot be taken back, and says first what it will do. */
import { Form, Input, Modal } from 'antd';
import { useTranslations } from 'use-intl';
import { Refused } from '../../features/errors/Failure.tsx';

interface ReasonQuestionProps {
  title: string;
  /** What will happen, in words. */
  content: string;
  okText: string;
  error: Error | null;
  isPending: boolean;
  onAnswer: (reason: string) => void;
  onClose: () => void;
}

export function ReasonQuestion({
  title,
  content,
  okText,
  error,
  isPending,
  onAnswer,
  onClose,
}: ReasonQuestionProps) {
  const tUi = useTranslations('ui');
  const [form] = Form.useForm<{ reason: string }>();
  return (
    <Modal
      open
      mask={{ closable: false }}
      title={title}
      okText={okText}
      cancelText={tUi('cancel')}
      okButtonProps={{ danger: true, loading: isPending }}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <div className="stack">
        <p>{content}</p>
        <Refused error={error} />
        <Form form={form} layout="vertical" onFinish={({ reason }) => onAnswer(reason)}>
          <ReasonField />
        </Form>
      </div>
    </Modal>
  );
}

export function ReasonField() {
  const t = useTranslations('console.forms');
  return (
    <Form.Item
      name="reason"
      label={t('reason')}
      extra={t('reasonNote')}
      rules={[{ required: true, whitespace: true, message: t('reasonRule') }]}
    >
      <Input.TextArea autoSize={{ minRows: 2, maxRows: 5 }} maxLength={500} />
    </Form.Item>
  );
}
