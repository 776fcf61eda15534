import { useTranslations } from 'use-intl';
import type { QuantityUnit } from '../../ui/quantity-text.ts';
import { Quantity } from './Quantity.tsx';

interface UsedThenProps {
  used: string;
  limit: string;
  unit: QuantityUnit;
}

/** How much of a quota was used when it refused or was passed; the unit is said once. */
export function UsedThen({ used, limit, unit }: UsedThenProps) {
  const t = useTranslations('quotas');
  return t.rich('usedThenOf', {
    used: () => <Quantity value={used} unit={unit === 'tokens' ? 'count' : unit} />,
    limit: () => <Quantity value={limit} unit={unit} />,
  });
}
