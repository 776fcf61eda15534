import { Link } from '@tanstack/react-router';
import { useFormatter, useTranslations } from 'use-intl';
import type { Receipt } from '../../features/receipt/recompute.ts';
import { paths } from '../../paths.ts';

/** The way from a listed call to its receipt; its name tells the calls apart. */
export function CallLink({ receipt, label }: { receipt: Receipt; label: string }) {
  const t = useTranslations('calls');
  const format = useFormatter();
  const time = format.dateTime(new Date(receipt.started_at), {
    dateStyle: 'short',
    timeStyle: 'medium',
  });
  return (
    <Link
      to={paths.consoleCall}
      params={{ id: receipt.request_id }}
      aria-label={t('receiptOf', { time })}
    >
      {label}
    </Link>
  );
}
