import { getRouteApi } from '@tanstack/react-router';
import { Segmented, Tag } from 'antd';
import { useTranslations } from 'use-intl';
import { useRefusalOf } from '../../features/session/allowed.ts';
import { useSession } from '../../features/session/session.ts';
import { WithWords } from '../../features/words/WithWords.tsx';
import { costWords } from '../../i18n/messages.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { AlertsPanel } from './AlertsPanel.tsx';
import { ExportButton } from './ExportButton.tsx';
import { type CostsSearch, filtersOf, rangeOf } from './filters.ts';
import { HeadRoomPanel } from './HeadRoomPanel.tsx';
import { type Range, ranges } from './range.ts';
import { SplitPanel } from './SplitPanel.tsx';
import { TotalsPanel } from './TotalsPanel.tsx';
import { useNameOf } from './use-name-of.ts';

const route = getRouteApi('/portal/costs');

export function CostsPage() {
  return (
    <WithWords words={costWords}>
      <Costs />
    </WithWords>
  );
}

function Costs() {
  const t = useTranslations('costs');
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { organization } = useSession();
  const refusal = useRefusalOf()('listSpendCaps');
  const show = (change: CostsSearch) => void navigate({ search: change, replace: true });
  if (!organization) return null;
  if (refusal) {
    return (
      <div className="page">
        <PageHeader title={t('title')} note={t('note')} />
        <Panel>
          <EmptyState title={t('hidden')}>{refusal}</EmptyState>
        </Panel>
      </div>
    );
  }
  const timeZone = organization.time_zone;
  return (
    <div className="page">
      <PageHeader
        title={t('title')}
        note={t('note')}
        actions={
          <>
            <Segmented<Range>
              aria-label={t('range')}
              value={rangeOf(search)}
              onChange={(days) => show({ ...search, days: String(days) })}
              options={ranges.map((days) => ({ value: days, label: t('days', { days }) }))}
            />
            <ExportButton search={search} timeZone={timeZone} />
          </>
        }
      />
      <Filters search={search} onChange={show} />
      <TotalsPanel search={search} timeZone={timeZone} />
      <SplitPanel search={search} timeZone={timeZone} onChange={show} />
      <HeadRoomPanel />
      <AlertsPanel />
    </div>
  );
}

interface FiltersProps {
  search: CostsSearch;
  onChange: (search: CostsSearch) => void;
}

function Filters({ search, onChange }: FiltersProps) {
  const t = useTranslations('costs');
  const nameOf = useNameOf();
  const filters = filtersOf(search);
  if (filters.length === 0) return null;
  return (
    <fieldset className="actions" aria-label={t('filters')}>
      {filters.map(({ dimension, value }) => {
        const name = nameOf(dimension, value === 'none' ? '' : value);
        const { [dimension]: _, ...rest } = search;
        return (
          <Tag
            key={dimension}
            closable={{ closeIcon: '×', 'aria-label': t('removeFilter', { name }) }}
            onClose={() => onChange(rest)}
          >
            {t(`dimensions.${dimension}`)}: {name}
          </Tag>
        );
      })}
    </fieldset>
  );
}
