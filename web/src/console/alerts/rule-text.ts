/** Rules and what they found, in words. */
import { useLocale, useTranslations } from 'use-intl';
import { useAmountText } from '../../ui/Amount.tsx';
import type { AlertRule } from './rule-form.ts';

type Figured = Pick<AlertRule, 'unit' | 'currency'>;

/** A figure with its unit. */
export function useFigureText(): (of: Figured, figure: string) => string {
  const t = useTranslations('console.alertRules');
  const locale = useLocale();
  const amount = useAmountText();
  return ({ unit, currency }, figure) => {
    if (unit === 'amount') return amount(figure, currency ?? '');
    const value = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 }).format(
      figure as `${number}`,
    );
    return t(`units.${unit}`, { value });
  };
}

export function useRuleName(): (rule: Pick<AlertRule, 'name' | 'metric'>) => string {
  const t = useTranslations('console.alertRules');
  return ({ name, metric }) => name ?? t(`metrics.${metric}`);
}

/** What makes it fire: "above 5 %, within 60 minutes". */
export function useConditionText(): (rule: AlertRule) => string {
  const t = useTranslations('console.alertRules');
  const figure = useFigureText();
  return (rule) => {
    const { condition, threshold, deviations, window_minutes: minutes } = rule;
    const text =
      threshold !== null && (condition === 'above' || condition === 'below')
        ? t(`says.${condition}`, { value: figure(rule, threshold) })
        : t(`says.${condition === 'unusually_low' ? 'unusually_low' : 'unusually_high'}`, {
            count: deviations ?? 0,
          });
    return rule.grain === 'now' ? text : t('within', { text, minutes });
  };
}
