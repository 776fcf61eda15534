import { Alert } from 'antd';
import { useTranslations } from 'use-intl';
import type { Payment } from './PaymentStatus.tsx';

type DeclineCode = NonNullable<Payment['decline_code']>;

/** Why no money was taken, and what helps. */
export function DeclineReason({ code }: { code: DeclineCode | null }) {
  const t = useTranslations('declines');
  if (code === null) return null;
  return (
    <Alert type="error" showIcon title={t(`${code}.reason`)} description={t(`${code}.remedy`)} />
  );
}
