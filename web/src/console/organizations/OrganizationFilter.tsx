import { Select } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { usePages } from '../../api/use-pages.ts';
import { useOrganizationName } from './OrganizationLink.tsx';

interface OrganizationSelectProps {
  /** Id of the chosen one. */
  value?: string | undefined;
  onChange?: (id: string) => void;
  placeholder: string;
  label: string;
  className?: string;
}

const offeredMax = 20;

/** Finds one customer among many: by its name, its id or a member’s mail address. */
export function OrganizationSelect({
  value,
  onChange,
  placeholder,
  label,
  className = 'full',
}: OrganizationSelectProps) {
  const [text, setText] = useState('');
  const found = usePages('searchOrganizations', {
    query: { limit: offeredMax, ...(text && { q: text }) },
  });
  const name = useOrganizationName(value);
  const options = found.rows?.map(({ id, name }) => ({ value: id, label: name })) ?? [];
  const isOffered = options.some((option) => option.value === value);
  return (
    <Select
      className={className}
      allowClear
      aria-label={label}
      placeholder={placeholder}
      value={value ?? null}
      loading={!found.rows && !found.error}
      showSearch={{ filterOption: false, onSearch: setText }}
      options={value && !isOffered ? [{ value, label: name ?? value }, ...options] : options}
      onChange={(id: string | null | undefined) => onChange?.(id ?? '')}
    />
  );
}

export function OrganizationFilter(props: Pick<OrganizationSelectProps, 'value' | 'onChange'>) {
  const t = useTranslations('console.filters');
  return (
    <OrganizationSelect
      {...props}
      className="filter"
      label={t('customer')}
      placeholder={t('anyCustomer')}
    />
  );
}
