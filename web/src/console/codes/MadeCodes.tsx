import { DownloadOutlined } from '@ant-design/icons';
import { Alert, Button, Drawer } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { CodeBlock } from '../../ui/CodeBlock.tsx';
import { saveFile } from '../../ui/save-file.ts';
import { useConfirm } from '../forms/use-confirm.ts';

const shownMax = 20;

interface MadeCodesProps {
  batch: Answer<'createRedemptionCodes'>;
  onClose: () => void;
}

/** The codes as the server answered them; it cannot answer them again. */
export function MadeCodes({ batch: { id, codes }, onClose }: MadeCodesProps) {
  const t = useTranslations('console.codes');
  const confirm = useConfirm();
  const [isSaved, setSaved] = useState(false);
  const save = () => {
    const content = new Blob([`code\r\n${codes.join('\r\n')}\r\n`], { type: 'text/csv' });
    saveFile({ name: `${id}.csv`, content });
    setSaved(true);
  };
  const close = () => {
    if (isSaved) return onClose();
    confirm({
      title: t('closeTitle'),
      content: t('closeNote'),
      okText: t('close'),
      isDanger: true,
      act: async () => onClose(),
    });
  };
  const shown = codes.slice(0, shownMax);
  return (
    <Drawer
      open
      size={560}
      title={t('madeTitle', { count: codes.length })}
      mask={{ closable: false }}
      keyboard={false}
      onClose={close}
      footer={
        <div className="actions">
          <Button type="primary" icon={<DownloadOutlined aria-hidden />} onClick={save}>
            {t('download')}
          </Button>
          <Button onClick={close}>{t('close')}</Button>
        </div>
      }
    >
      <div className="stack">
        <Alert type="warning" showIcon title={t('madeNote')} />
        {shown.length < codes.length && <p className="soft">{t('first')}</p>}
        <CodeBlock code={shown.join('\n')} copyLabel={t('copy')} />
      </div>
    </Drawer>
  );
}
