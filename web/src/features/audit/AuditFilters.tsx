import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { ChoiceFilter } from '../../ui/ChoiceFilter.tsx';
import { DaysFilter } from '../../ui/DaysFilter.tsx';
import { TextFilter } from '../../ui/TextFilter.tsx';
import { knownActions, useActionName } from './action-name.ts';

const texts = ['actor', 'resource', 'ip', 'id'] as const;
type Filter = (typeof texts)[number] | 'organization' | 'action' | 'from' | 'to';
export type AuditChange = { [F in Filter]?: string };
export type AuditSearch = { [F in Filter]?: string | undefined };

interface AuditFiltersProps {
  search: AuditSearch;
  onChange: (change: AuditChange) => void;
  first?: ReactNode;
}

export function AuditFilters({ search, onChange, first }: AuditFiltersProps) {
  const t = useTranslations('audit');
  const actionName = useActionName();
  return (
    <div className="actions">
      <ChoiceFilter
        label={t('action')}
        any={t('anyAction')}
        value={search.action}
        options={knownActions.map((value) => ({ value, label: actionName(value) ?? value }))}
        onChange={(action) => onChange({ action })}
      />
      {first}
      {texts.map((name) => (
        <TextFilter
          key={name}
          label={t(`${name}Filter`)}
          value={search[name]}
          onChange={(text) => onChange({ [name]: text })}
        />
      ))}
      <DaysFilter from={search.from} to={search.to} onChange={onChange} />
    </div>
  );
}
