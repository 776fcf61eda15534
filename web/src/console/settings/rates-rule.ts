/** A rate for each currency, as far as it can be judged without asking the server. */
import type { FormItemProps } from 'antd';
import { useTranslations } from 'use-intl';
import type { Pairs } from '../forms/PairsField.tsx';

const ratePattern = /^\d{1,12}(\.\d{1,18})?$/;

export function useRatesRule(): NonNullable<FormItemProps['rules']>[number] {
  const t = useTranslations('console.settings');
  return {
    validator: async (_, rates: Pairs = {}) => {
      const isGood = Object.entries(rates).every(
        ([currency, rate]) => /^[A-Z]{3}$/.test(currency) && ratePattern.test(rate),
      );
      if (!isGood) throw new Error(t('ratesRule'));
    },
  };
}
