import { DownloadOutlined } from '@ant-design/icons';
import { useMutation } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { useTranslations } from 'use-intl';
import { callFile, type Request } from '../../api/call.ts';
import { saveFile } from '../../ui/save-file.ts';
import { useErrorText } from '../errors/error-text.ts';

export type ExportOperation = 'exportAuditLogs' | 'exportAllAuditLogs';

interface ExportButtonsProps {
  operation: ExportOperation;
  /** The filters of the page: what is shown is what is exported. */
  query: object;
}

const formats = ['csv', 'jsonl'] as const;

export function ExportButtons({ operation, query }: ExportButtonsProps) {
  const t = useTranslations('audit');
  const { message } = App.useApp();
  const errorText = useErrorText();
  const download = useMutation({
    mutationFn: (format: (typeof formats)[number]) => {
      const request: Request<ExportOperation> = { query: { ...query, format } };
      return callFile(operation, request);
    },
    onSuccess: saveFile,
    onError: (error) => void message.error(errorText(error)),
  });
  return (
    <span className="actions" title={t('exportNote')}>
      {formats.map((format) => (
        <Button
          key={format}
          icon={<DownloadOutlined />}
          loading={download.isPending && download.variables === format}
          onClick={() => download.mutate(format)}
        >
          {format === 'csv' ? t('exportCsv') : t('exportJsonl')}
        </Button>
      ))}
    </span>
  );
}
