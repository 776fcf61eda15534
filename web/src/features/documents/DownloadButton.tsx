/** A document as a PDF file, in the language that is chosen. */
import { DownloadOutlined } from '@ant-design/icons';
import type { Operation } from '@sluice/contract';
import { useMutation } from '@tanstack/react-query';
import { App, Button, Dropdown } from 'antd';
import { useTranslations } from 'use-intl';
import { callFile, type Request } from '../../api/call.ts';
import { type Language, languageNames, languages } from '../../i18n/language.ts';
import { saveFile } from '../../ui/save-file.ts';
import { useErrorText } from '../errors/error-text.ts';

type Printing = Extract<Operation, 'printInvoice' | 'printCreditNote' | 'inspectInvoicePdf'>;

interface DownloadButtonProps {
  operation: Printing;
  id: string;
  /** Of the document, which tells its button from the others. */
  name: string;
  size?: 'small' | 'middle';
}

export function DownloadButton({ operation, id, name, size = 'middle' }: DownloadButtonProps) {
  const t = useTranslations('documents');
  const { message } = App.useApp();
  const errorText = useErrorText();
  const download = useMutation({
    mutationFn: (locale: Language) => {
      const request: Request<Printing> = { params: { id }, query: { locale } };
      return callFile(operation, request);
    },
    onSuccess: saveFile,
    onError: (error) => void message.error(errorText(error)),
  });
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items: languages.map((key) => ({ key, label: languageNames[key] })),
        onClick: ({ key }) => download.mutate(key as Language),
      }}
    >
      <Button
        size={size}
        icon={<DownloadOutlined />}
        loading={download.isPending}
        aria-label={t('downloadNamed', { name })}
      >
        {t('download')}
      </Button>
    </Dropdown>
  );
}
