/** Billing cycles in words. */
import { useTranslations } from 'use-intl';

const units = ['days', 'weeks', 'months', 'years'] as const;
const single = ['day', 'week', 'month', 'year', 'once'] as const;

interface CycleText {
  /** "per month", after an amount. */
  per: (cycle: string) => string;
  /** "Monthly", as a choice. */
  name: (cycle: string) => string;
}

export function useCycleText(): CycleText {
  const t = useTranslations('offers');
  const inWords = (cycle: string, words: 'per' | 'cycles'): string => {
    const one = single.find((candidate) => candidate === cycle);
    if (one) return t(`${words}.${one}`);
    const [, count = '1', unit = ''] = /^(\d+)_(\w+)$/.exec(cycle) ?? [];
    const many = units.find((candidate) => candidate === unit);
    return many ? t(`${words}.${many}`, { count: Number(count) }) : cycle;
  };
  return {
    per: (cycle) => inWords(cycle, 'per'),
    name: (cycle) => inWords(cycle, 'cycles'),
  };
}
