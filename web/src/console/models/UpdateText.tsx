import { useTranslations } from 'use-intl';
import { Amount } from '../../ui/Amount.tsx';
import { Status } from '../../ui/Status.tsx';
import { When } from '../../ui/When.tsx';
import type { Position } from './columns.tsx';
import type { PriceUpdate } from './price-update.ts';

const tones = { new: 'good', changed: 'active', gone: 'warning' } as const;
/** More of them would push the next model off the page; the form shows them all. */
const changesShown = 6;

export function UpdateName({ update }: { update: PriceUpdate }) {
  const t = useTranslations('console.modelPrices');
  const { model, kind, effective_from: from } = update;
  return (
    <span className="twofold">
      <code className="value">{model}</code>
      <Status tone={tones[kind]}>{t(`kinds.${kind}`)}</Status>
      {from && (
        <small>
          {t('announced')} <When at={from} show="day" />
        </small>
      )}
    </span>
  );
}

/** Old and new price of each position that differs. */
export function UpdateChanges({ update }: { update: PriceUpdate }) {
  const t = useTranslations('console.modelPrices');
  const tModels = useTranslations('console.models');
  const currency = update.before?.currency ?? 'USD';
  if (update.after === null) return t('goneShort');
  const shown = (value: string | null) =>
    value === null ? '–' : <Amount value={value} currency={currency} isExact />;
  const rest = update.changes.length - changesShown;
  return (
    <span className="twofold">
      {update.changes.slice(0, changesShown).map((change) => (
        <small key={`${change.above_input_tokens} ${change.position}`}>
          {tModels(`positions.${change.position as Position}`)}
          {change.above_input_tokens !== null &&
            ` (${tModels('tierAbove', { count: change.above_input_tokens })})`}
          : {update.before && <>{shown(change.before)} → </>}
          {shown(change.after)}
          {change.percent !== null && ` (${signed(change.percent)} %)`}
        </small>
      ))}
      {rest > 0 && <small>{t('moreChanges', { count: rest })}</small>}
    </span>
  );
}

function signed(percent: string): string {
  return percent.startsWith('-') ? percent.replace('-', '−') : `+${percent}`;
}
