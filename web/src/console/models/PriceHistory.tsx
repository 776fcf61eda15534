import { useQuery } from '@tanstack/react-query';
import { Drawer } from 'antd';
import { useTranslations } from 'use-intl';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { DataTable } from '../../ui/DataTable.tsx';
import { Status } from '../../ui/Status.tsx';
import { EffectiveFrom, type ModelPrice, usePriceColumns } from './columns.tsx';
import { priceInForce } from './price-in-force.ts';

/** Every version of one model's price. None is ever changed, so each receipt can be computed again. */
export function PriceHistory({ model, onClose }: { model: string; onClose: () => void }) {
  const t = useTranslations('console.models');
  const versions = usePages('searchModelPrices', { query: { model } });
  const inForce = useQuery(priceInForce(model)).data;
  const prices = usePriceColumns();
  return (
    <Drawer open size={880} title={t('historyTitle', { model })} onClose={onClose}>
      <DataTable
        label={t('historyTitle', { model })}
        list={versions}
        columns={[
          {
            title: t('effectiveFrom'),
            cell: (row) => <Version row={row} inForce={inForce ?? undefined} />,
          },
          ...prices,
          { title: t('source'), cell: ({ source }) => t(`sources.${source}`) },
        ]}
        rowKey={({ id }) => id}
        renderError={renderFailure}
        empty={<p>{t('noHistory')}</p>}
      />
    </Drawer>
  );
}

function Version({ row, inForce }: { row: ModelPrice; inForce: ModelPrice | undefined }) {
  const t = useTranslations('console.models');
  const at = Date.parse(row.effective_from);
  const state =
    inForce === undefined
      ? undefined
      : row.id === inForce.id
        ? 'inForce'
        : at > Date.parse(inForce.effective_from)
          ? 'scheduled'
          : 'past';
  return (
    <span className="twofold">
      <EffectiveFrom at={row.effective_from} />
      {state && (
        <Status tone={state === 'inForce' ? 'good' : state === 'scheduled' ? 'active' : 'quiet'}>
          {t(`states.${state}`)}
        </Status>
      )}
    </span>
  );
}
