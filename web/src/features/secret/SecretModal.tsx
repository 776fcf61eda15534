import { Button, Input, Modal } from 'antd';
import type { ReactNode } from 'react';
import { CopyButton } from '../../ui/CopyButton.tsx';

interface SecretModalProps {
  secret: string;
  words: Record<'title' | 'note' | 'label' | 'copy' | 'done', string>;
  onClose: () => void;
  /** What can be done with it. */
  children?: ReactNode;
}

/** Shows a secret for the one time that it exists outside its owner's hands. */
export function SecretModal({ secret, words, onClose, children }: SecretModalProps) {
  return (
    <Modal
      open
      width={640}
      title={words.title}
      closable={false}
      mask={{ closable: false }}
      footer={
        <Button type="primary" onClick={onClose}>
          {words.done}
        </Button>
      }
    >
      <div className="stack">
        <p>{words.note}</p>
        <div className="secret">
          <Input.TextArea
            readOnly
            autoSize
            aria-label={words.label}
            value={secret}
            onFocus={(event) => event.target.select()}
          />
          <CopyButton text={secret} label={words.copy} showLabel />
        </div>
        {children}
      </div>
    </Modal>
  );
}
