import { Button, Modal } from 'antd';
import { useTranslations } from 'use-intl';
import { CodeBlock } from '../../ui/CodeBlock.tsx';
import { saveFile } from '../../ui/save-file.ts';

/** Shows the codes for the one time that they exist outside their owner's hands. */
export function RecoveryCodes({
  codes,
  onClose,
}: {
  codes: readonly string[];
  onClose: () => void;
}) {
  const t = useTranslations('security.totp');
  const text = codes.join('\n');
  const save = () => saveFile({ name: 'recovery-codes.txt', content: new Blob([`${text}\n`]) });
  return (
    <Modal
      open
      title={t('codesTitle')}
      closable={false}
      mask={{ closable: false }}
      footer={
        <Button type="primary" onClick={onClose}>
          {t('kept')}
        </Button>
      }
    >
      <div className="stack">
        <p>{t('codesNote')}</p>
        <CodeBlock code={text} copyLabel={t('copyCodes')} />
        <div>
          <Button onClick={save}>{t('saveCodes')}</Button>
        </div>
      </div>
    </Modal>
  );
}
