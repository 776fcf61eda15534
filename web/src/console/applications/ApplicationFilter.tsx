import { Select } from 'antd';
import { useTranslations } from 'use-intl';
import { usePages } from '../../api/use-pages.ts';
import { ChoiceFilter } from '../../ui/ChoiceFilter.tsx';

const offeredMax = 200;

/** Applications to choose from, by slug. */
export function useApplicationOptions(): { value: string; label: string }[] {
  const { rows = [] } = usePages('listApplications', { query: { limit: offeredMax } });
  return rows.map(({ slug, name }) => ({ value: slug, label: name }));
}

interface ApplicationFilterProps {
  value: string | undefined;
  onChange: (slug: string) => void;
}

export function ApplicationFilter({ value, onChange }: ApplicationFilterProps) {
  const t = useTranslations('console.applications');
  return (
    <ChoiceFilter
      label={t('one')}
      any={t('any')}
      value={value}
      options={useApplicationOptions()}
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
      options={useApplicationOptions()}
      onChange={(slug: string | null | undefined) => onChange?.(slug ?? null)}
    />
  );
}
