/** The file of a fapiao, to be saved as it was issued. */
import { DownloadOutlined } from '@ant-design/icons';
import { useMutation } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { useTranslations } from 'use-intl';
import { callFile } from '../../api/call.ts';
import { saveFile } from '../../ui/save-file.ts';
import { useErrorText } from '../errors/error-text.ts';
import type { Fapiao } from './FapiaoStatus.tsx';

interface FapiaoFileProps {
  operation: 'downloadFapiao' | 'inspectFapiaoFile';
  fapiao: Pick<Fapiao, 'id' | 'number' | 'file'>;
  size?: 'small' | 'middle';
}

export function FapiaoFile({ operation, fapiao, size = 'small' }: FapiaoFileProps) {
  const t = useTranslations('fapiao');
  const { message } = App.useApp();
  const errorText = useErrorText();
  const download = useMutation({
    mutationFn: () => callFile(operation, { params: { id: fapiao.id } }),
    onSuccess: saveFile,
    onError: (error) => void message.error(errorText(error)),
  });
  if (!fapiao.file) return null;
  return (
    <Button
      size={size}
      icon={<DownloadOutlined />}
      loading={download.isPending}
      aria-label={t('downloadNamed', { number: fapiao.number ?? fapiao.id })}
      onClick={() => download.mutate()}
    >
      {t('download')} {fapiao.file.format.toUpperCase()}
    </Button>
  );
}
