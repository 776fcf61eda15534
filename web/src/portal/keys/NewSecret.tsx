import { Button, Input, Modal } from 'antd';
import { useTranslations } from 'use-intl';
import { CopyButton } from '../../ui/CopyButton.tsx';
import { PointYourProgram } from './PointYourProgram.tsx';

/** Shows a secret for the one time that it exists outside the caller's hands. */
export function NewSecret({ secret, onClose }: { secret: string; onClose: () => void }) {
  const t = useTranslations('keys');
  return (
    <Modal
      open
      width={640}
      title={t('secretTitle')}
      closable={false}
      mask={{ closable: false }}
      footer={
        <Button type="primary" onClick={onClose}>
          {t('done')}
        </Button>
      }
    >
      <div className="stack">
        <p>{t('secretNote')}</p>
        <div className="secret">
          <Input.TextArea
            readOnly
            autoSize
            aria-label={t('secret')}
            value={secret}
            onFocus={(event) => event.target.select()}
          />
          <CopyButton text={secret} label={t('copySecret')} showLabel />
        </div>
        <PointYourProgram secret={secret} />
      </div>
    </Modal>
  );
}
