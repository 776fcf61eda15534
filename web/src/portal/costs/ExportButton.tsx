import { DownloadOutlined } from '@ant-design/icons';
import { useMutation } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { useTranslations } from 'use-intl';
import { callFile } from '../../api/call.ts';
import { useErrorText } from '../../features/errors/error-text.ts';
import { saveFile } from '../../ui/save-file.ts';
import { type CostsSearch, dimensionOf } from './filters.ts';
import { filterQuery, useBounds } from './use-usage.ts';

/** The split as it is shown, day by day, for a spreadsheet. */
export function ExportButton({ search, timeZone }: { search: CostsSearch; timeZone: string }) {
  const t = useTranslations('costs');
  const { message } = App.useApp();
  const errorText = useErrorText();
  const { current } = useBounds(search, timeZone);
  const download = useMutation({
    mutationFn: () =>
      callFile('getUsage', {
        query: {
          ...{ ...current, ...filterQuery(search), interval: 'day', format: 'csv' },
          group_by: dimensionOf(search),
        },
      }),
    onSuccess: saveFile,
    onError: (error) => void message.error(errorText(error)),
  });
  return (
    <Button
      icon={<DownloadOutlined aria-hidden />}
      aria-label={t('export')}
      loading={download.isPending}
      onClick={() => download.mutate()}
    >
      {t('export')}
    </Button>
  );
}
