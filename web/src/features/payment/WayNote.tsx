import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { reading } from '../../api/use-call.ts';
import { useAmountText } from '../../ui/Amount.tsx';
import { useWayName } from './providers.ts';
import type { PayWith } from './way.ts';

interface WayNoteProps {
  amount: string;
  currency: string;
  way: PayWith;
}

/** What happens next when one pays this way. */
export function WayNote({ amount, currency, way }: WayNoteProps) {
  const t = useTranslations();
  const price = useAmountText()(amount, currency, { isExact: true });
  const name = useWayName()(way);
  const wallet = useQuery(reading('getWallet')).data;
  if (way.payment_method_id) {
    return <p className="soft">{t('ways.nextMethod', { price, method: name })}</p>;
  }
  if (way.provider !== 'wallet') {
    return <p className="soft">{t('payment.nextProvider', { provider: name })}</p>;
  }
  const isExchanged = wallet?.currency !== currency;
  return (
    <p className="soft">
      {t(isExchanged ? 'payment.nextExchange' : 'payment.nextWallet', { price })}
    </p>
  );
}
