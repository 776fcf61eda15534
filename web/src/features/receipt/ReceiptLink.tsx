import { Link } from '@tanstack/react-router';
import { useFormatter, useTranslations } from 'use-intl';
import type { paths } from '../../paths.ts';
import type { Receipt } from './recompute.ts';

/** The page of one call, in the portal or in the console. */
export type ReceiptPath = typeof paths.call | typeof paths.consoleCall;

/** The way from a listed call to its receipt; its name tells the calls apart. */
export function ReceiptLink({ receipt, to }: { receipt: Receipt; to: ReceiptPath }) {
  const t = useTranslations('calls');
  const format = useFormatter();
  const time = format.dateTime(new Date(receipt.started_at), {
    dateStyle: 'short',
    timeStyle: 'medium',
  });
  return (
    <Link to={to} params={{ id: receipt.request_id }} aria-label={t('receiptOf', { time })}>
      {t('receipt')}
    </Link>
  );
}
