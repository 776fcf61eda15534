import { DownloadOutlined } from '@ant-design/icons';
import { useMutation } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { useTranslations } from 'use-intl';
import { callFile, type Request } from '../../api/call.ts';
import { saveFile } from '../../ui/save-file.ts';
import { useErrorText } from '../errors/error-text.ts';

type Query = NonNullable<Request<'exportReceipts'>['query']>;
type Format = NonNullable<Query['format']>;

interface ReceiptFilesProps {
  /** The filters of the page: what is shown is what is exported. */
  query: Omit<Query, 'format'>;
  formats?: readonly Format[];
}

/** Receipts as files that `sluice receipt verify` computes again. */
export function ReceiptFiles({ query, formats = ['csv', 'jsonl'] }: ReceiptFilesProps) {
  const t = useTranslations('receipt');
  const { message } = App.useApp();
  const errorText = useErrorText();
  const download = useMutation({
    mutationFn: (format: Format) => callFile('exportReceipts', { query: { ...query, format } }),
    onSuccess: saveFile,
    onError: (error) => void message.error(errorText(error)),
  });
  return (
    <span className="actions" title={t('exportNote')}>
      {formats.map((format) => (
        <Button
          key={format}
          icon={<DownloadOutlined aria-hidden />}
          loading={download.isPending && download.variables === format}
          onClick={() => download.mutate(format)}
        >
          {t(`exports.${format}`)}
        </Button>
      ))}
    </span>
  );
}
