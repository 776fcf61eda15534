import { Radio } from 'antd';
import { useEffect } from 'react';
import { useTranslations } from 'use-intl';
import { Failure } from '../../features/errors/Failure.tsx';
import { WayNote } from '../../features/payment/WayNote.tsx';
import { useWaysToPay } from '../../features/payment/ways-to-pay.ts';
import { Loading } from '../../ui/Loading.tsx';

interface PayFieldProps {
  amount: string;
  currency: string;
  provider: string | undefined;
  onChoose: (provider: string) => void;
}

/** How what is due today is paid; the first way that is open is chosen already. */
export function PayField({ amount, currency, provider, onChoose }: PayFieldProps) {
  const t = useTranslations('payment');
  const { options, error, retry } = useWaysToPay({ amount, currency });
  const open = options?.filter(({ blockedBecause }) => !blockedBecause).map(({ value }) => value);
  const isOpen = provider !== undefined && open?.includes(provider);
  const first = open?.[0];
  useEffect(() => {
    if (!isOpen && first) onChoose(first);
  }, [isOpen, first, onChoose]);
  if (error) return <Failure error={error} onRetry={retry} />;
  if (!options) return <Loading rows={3} />;
  if (options.length === 0) return <p className="soft">{t('noProviders')}</p>;
  return (
    <>
      <fieldset className="choice-field">
        <legend>{t('provider')}</legend>
        <Radio.Group
          className="choices"
          value={provider}
          onChange={({ target }) => onChoose(target.value)}
        >
          {options.map(({ value, label, blockedBecause }) => (
            <Radio key={value} value={value} disabled={blockedBecause !== undefined}>
              {label}
              {blockedBecause && <small className="soft tier">{blockedBecause}</small>}
            </Radio>
          ))}
        </Radio.Group>
      </fieldset>
      {provider && <WayNote amount={amount} currency={currency} provider={provider} />}
    </>
  );
}
