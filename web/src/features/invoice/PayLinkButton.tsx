import { LinkOutlined } from '@ant-design/icons';
import { App } from 'antd';
import { useTranslations } from 'use-intl';
import { useChange } from '../../api/use-call.ts';
import { copyText } from '../../ui/copy-text.ts';
import { useErrorText } from '../errors/error-text.ts';
import { AllowedButton } from '../session/AllowedButton.tsx';

interface PayLinkButtonProps {
  /** The customer's own, or an operator's. */
  operation: 'createPayLink' | 'createInvoicePayLink';
  id: string;
}

/** Copies the link by which anybody can pay an invoice. */
export function PayLinkButton({ operation, id }: PayLinkButtonProps) {
  const t = useTranslations('pay');
  const { message } = App.useApp();
  const errorText = useErrorText();
  const make = useChange(operation, {
    onDone: async ({ url }) => {
      const isCopied = await copyText(url);
      void message.open({
        type: isCopied ? 'success' : 'info',
        content: isCopied ? t('copied') : url,
      });
    },
  });
  return (
    <AllowedButton
      operation={operation}
      icon={<LinkOutlined />}
      loading={make.isPending}
      onClick={() =>
        make.mutate(
          { params: { id } },
          { onError: (error) => void message.error(errorText(error)) },
        )
      }
    >
      {t('copyLink')}
    </AllowedButton>
  );
}
