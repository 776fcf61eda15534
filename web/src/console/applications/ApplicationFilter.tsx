import { Select } from 'antd';
import { useTranslations } from 'use-intl';
import { usePages } from '../../api/use-pages.ts';
import { ChoiceFilter } from '../../ui/ChoiceFilter.tsx';

const offeredMax = 200;

/** Applications to choose from. */
function useApplicationOptions(by: 'slug' | 'id'): { value: string; label: string }[] {
  const { rows = [] } = usePages('listApplications', { query: { limit: offeredMax } });
  return rows.map((application) => ({ value: application[by], label: application.name }));
}

interface ApplicationFilterProps {
  /** What names the application in the query; its slug where nothing else is said. */
  by?: 'slug' | 'id';
  value: string | undefined;
  onChange: (chosen: string) => void;
}

export function ApplicationFilter({ by = 'slug', value, onChange }: ApplicationFilterProps) {
  const t = useTranslations('console.applications');
  return (
    <ChoiceFilter
      label={t('one')}
      any={t('any')}
      value={value}
      options={useApplicationOptions(by)}
      onChange={onChange}
    />
  );
}

interface ApplicationSelectProps {
  /** Given by the form; null where it is the deployment's own. */
  id?: string;
  value?: string | null;
  onChange?: (slug: string | null) => void;
}

/** Whose a meter, feature or plan is, as a form field. */
export function ApplicationSelect({ id, value, onChange }: ApplicationSelectProps) {
  const t = useTranslations('console.applications');
  return (
    <Select
      {...(id && { id })}
      allowClear
      showSearch={{ optionFilterProp: 'label' }}
      placeholder={t('deployment')}
      value={value ?? null}
      options={useApplicationOptions('slug')}
      onChange={(slug: string | null | undefined) => onChange?.(slug ?? null)}
    />
  );
}
