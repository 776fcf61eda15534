import { useTranslations } from 'use-intl';
import { usePages } from '../../api/use-pages.ts';
import { ChoiceFilter } from '../../ui/ChoiceFilter.tsx';
import { DaysFilter } from '../../ui/DaysFilter.tsx';
import { TextFilter } from '../../ui/TextFilter.tsx';
import { type CallSearch, outcomes } from './call-query.ts';

interface CallFiltersProps {
  search: CallSearch;
  onChange: (change: CallSearch) => void;
}

/** What calls are filtered by in the portal and in the console alike. */
export function CallFilters({ search, onChange }: CallFiltersProps) {
  const t = useTranslations('calls');
  const models = usePages('listModels', { query: { limit: 200 } });
  return (
    <>
      <ChoiceFilter
        label={t('model')}
        any={t('anyModel')}
        value={search.model}
        options={models.rows?.map(({ model }) => ({ value: model, label: model })) ?? []}
        onChange={(model) => onChange({ model })}
      />
      <ChoiceFilter
        label={t('outcome')}
        any={t('anyOutcome')}
        value={search.outcome}
        options={outcomes.map((value) => ({ value, label: t(`outcomes.${value}`) }))}
        onChange={(outcome) => onChange({ outcome })}
      />
      <TextFilter label={t('tag')} value={search.tag} onChange={(tag) => onChange({ tag })} />
      <TextFilter
        label={t('amountMin')}
        value={search.amount}
        onChange={(amount) => onChange({ amount })}
      />
      <DaysFilter from={search.from} to={search.to} onChange={onChange} />
    </>
  );
}
