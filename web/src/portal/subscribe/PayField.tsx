import { useEffect } from 'react';
import { useTranslations } from 'use-intl';
import { Failure } from '../../features/errors/Failure.tsx';
import { WayChoice } from '../../features/payment/WayChoice.tsx';
import { WayNote } from '../../features/payment/WayNote.tsx';
import { firstWay, type PayWith, wayKey } from '../../features/payment/way.ts';
import { useWaysToPay } from '../../features/payment/ways-to-pay.ts';
import { Loading } from '../../ui/Loading.tsx';

interface PayFieldProps {
  amount: string;
  currency: string;
  way: PayWith | undefined;
  onChoose: (way: PayWith) => void;
}

/** How what is due today is paid; the first way that is open is chosen already. */
export function PayField({ amount, currency, way, onChoose }: PayFieldProps) {
  const t = useTranslations('payment');
  const { options, error, retry } = useWaysToPay({ amount, currency });
  const open = options?.filter(({ blockedBecause }) => !blockedBecause);
  const isOpen = way && open?.some((option) => wayKey(option.way) === wayKey(way));
  const first = open && firstWay(open);
  const firstKey = first && wayKey(first);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a way is the same one by its key
  useEffect(() => {
    if (!isOpen && first) onChoose(first);
  }, [isOpen, firstKey, onChoose]);
  if (error) return <Failure error={error} onRetry={retry} />;
  if (!options) return <Loading rows={3} />;
  if (options.length === 0) return <p className="soft">{t('noProviders')}</p>;
  return (
    <>
      <fieldset className="choice-field">
        <legend>{t('provider')}</legend>
        <WayChoice options={options} value={way} onChange={onChoose} />
      </fieldset>
      {way && <WayNote amount={amount} currency={currency} way={way} />}
    </>
  );
}
