/** Asks before something is removed, says what stops with it, and why it could not be. */
import { Modal } from 'antd';
import { useTranslations } from 'use-intl';
import { Refused } from './Failure.tsx';

interface ConfirmRemovalProps {
  title: string;
  note: string;
  okText: string;
  error: Error | null;
  isPending: boolean;
  onConfirm: () => void;
  onClose: () => void;
}

export function ConfirmRemoval(props: ConfirmRemovalProps) {
  const tUi = useTranslations('ui');
  return (
    <Modal
      open
      closable={false}
      title={props.title}
      okText={props.okText}
      cancelText={tUi('cancel')}
      okButtonProps={{ danger: true, loading: props.isPending }}
      onOk={props.onConfirm}
      onCancel={props.onClose}
    >
      <div className="stack">
        <p>{props.note}</p>
        <Refused error={props.error} />
      </div>
    </Modal>
  );
}
