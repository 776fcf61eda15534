import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { Amount } from '../../ui/Amount.tsx';

type Update = Answer<'listPriceUpdates'>['data'][number];
export type Effect = NonNullable<Update['effect']>;

const lines = ['revenue', 'cost', 'margin'] as const;

/** Revenue, cost and margin as they were, and as they would have been. */
export function EffectLines({ effect }: { effect: Effect }) {
  const t = useTranslations('console.modelPrices');
  if (effect.calls === 0) return <small>{t('noCalls')}</small>;
  const { before, after, currency } = effect;
  return (
    <span className="twofold">
      {lines.map((line) => (
        <small key={line}>
          {t(line)}: <Amount value={before[line]} currency={currency} /> →{' '}
          <Amount value={after[line]} currency={currency} />
        </small>
      ))}
      <small>{t(effect.is_exact ? 'exact' : 'fromSums', { count: effect.calls })}</small>
    </span>
  );
}
