import { useTranslations } from 'use-intl';
import { ChoiceFilter } from '../../ui/ChoiceFilter.tsx';
import { DaysFilter } from '../filters/DaysFilter.tsx';
import { TextFilter } from '../filters/TextFilter.tsx';
import { OrganizationFilter } from '../organizations/OrganizationFilter.tsx';
import { knownActions, useActionName } from './action-name.ts';

type Filter = 'organization' | 'actor' | 'action' | 'resource' | 'from' | 'to';
export type AuditSearch = { [F in Filter]?: string };

interface AuditFiltersProps {
  search: { [F in Filter]?: string | undefined };
  onChange: (change: AuditSearch) => void;
}

export function AuditFilters({ search, onChange }: AuditFiltersProps) {
  const t = useTranslations('console.audit');
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
      <OrganizationFilter
        value={search.organization}
        onChange={(organization) => onChange({ organization })}
      />
      <TextFilter
        label={t('actorFilter')}
        value={search.actor}
        onChange={(actor) => onChange({ actor })}
      />
      <TextFilter
        label={t('resourceFilter')}
        value={search.resource}
        onChange={(resource) => onChange({ resource })}
      />
      <DaysFilter from={search.from} to={search.to} onChange={onChange} />
    </div>
  );
}
