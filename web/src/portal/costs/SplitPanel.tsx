import { Link } from '@tanstack/react-router';
import { Segmented } from 'antd';
import { useMemo } from 'react';
import { useFormatter, useTranslations } from 'use-intl';
import { useDeployment } from '../../features/deployment/deployment.ts';
import { Failure } from '../../features/errors/Failure.tsx';
import { paths } from '../../paths.ts';
import { Amount } from '../../ui/Amount.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { settledList } from '../../ui/pages.ts';
import { Change } from './Change.tsx';
import {
  type CostsSearch,
  canDrill,
  type Dimension,
  dimensionOf,
  dimensions,
  drillInto,
} from './filters.ts';
import { type SplitRow, splitRows } from './split.ts';
import { useNameOf } from './use-name-of.ts';
import { useUsageOf } from './use-usage.ts';

interface SplitPanelProps {
  search: CostsSearch;
  timeZone: string;
  onChange: (search: CostsSearch) => void;
}

/** Who, or what, spent how much; each row opens what is in it. */
export function SplitPanel({ search, timeZone, onChange }: SplitPanelProps) {
  const t = useTranslations('costs');
  const dimension = dimensionOf(search);
  const { current, previous, error, retry } = useUsageOf(search, timeZone, dimension);
  const rows = useMemo(
    () => current && previous && splitRows(current, previous, dimension).rows,
    [current, previous, dimension],
  );
  const columns = useColumns(dimension, search);
  return (
    <Panel
      title={t('split')}
      note={t('splitNote')}
      actions={
        <Segmented<Dimension>
          size="small"
          aria-label={t('by')}
          value={dimension}
          onChange={(by) => onChange({ ...search, by })}
          options={dimensions.map((value) => ({ value, label: t(`dimensions.${value}`) }))}
        />
      }
    >
      {error && !rows && <Failure error={error} onRetry={retry} />}
      {!rows && !error && <Loading rows={6} />}
      {rows && (
        <DataTable
          label={t('split')}
          list={settledList(rows)}
          columns={columns}
          rowKey={({ id }) => id}
          renderError={() => null}
          empty={<EmptyState title={t('quiet')}>{t('quietNote')}</EmptyState>}
        />
      )}
    </Panel>
  );
}

function useColumns(dimension: Dimension, search: CostsSearch): Column<SplitRow>[] {
  const t = useTranslations('costs');
  const format = useFormatter();
  const currency = useDeployment()?.usage_currency ?? 'USD';
  const nameOf = useNameOf();
  return [
    {
      title: t(`dimensions.${dimension}`),
      cell: ({ id, name }) => {
        const text = nameOf(dimension, id, name);
        if (!canDrill(dimension, id)) return text;
        return (
          <Link to={paths.costs} search={drillInto(search, dimension, id === '' ? 'none' : id)}>
            {text}
          </Link>
        );
      },
    },
    {
      title: t('spent'),
      align: 'end',
      cell: ({ amount }) => <Amount value={amount} currency={currency} />,
    },
    {
      title: t('share'),
      align: 'end',
      cell: ({ share }) => format.number(share, { style: 'percent', maximumFractionDigits: 1 }),
    },
    {
      title: t('before'),
      align: 'end',
      cell: ({ previous }) => <Amount value={previous} currency={currency} />,
    },
    { title: t('change'), align: 'end', cell: ({ change }) => <Change change={change} /> },
    { title: t('calls'), align: 'end', cell: ({ calls }) => format.number(calls) },
  ];
}
