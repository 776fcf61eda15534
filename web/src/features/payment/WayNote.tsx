import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { reading } from '../../api/use-call.ts';
import { useAmountText } from '../../ui/Amount.tsx';
import { useProviderName } from './providers.ts';

interface WayNoteProps {
  amount: string;
  currency: string;
  provider: string;
}

/** What happens next when one pays this way. */
export function WayNote({ amount, currency, provider }: WayNoteProps) {
  const t = useTranslations('payment');
  const price = useAmountText()(amount, currency, { isExact: true });
  const providerName = useProviderName();
  const wallet = useQuery(reading('getWallet')).data;
  if (provider !== 'wallet') {
    return <p className="soft">{t('nextProvider', { provider: providerName(provider) })}</p>;
  }
  const isExchanged = wallet?.currency !== currency;
  return <p className="soft">{t(isExchanged ? 'nextExchange' : 'nextWallet', { price })}</p>;
}
