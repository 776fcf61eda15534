import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Request } from '../../api/call.ts';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { ButtonLink } from '../../features/navigation/ButtonLink.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { paths } from '../../paths.ts';
import { Amount } from '../../ui/Amount.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Id } from '../../ui/Id.tsx';
import { Status } from '../../ui/Status.tsx';
import { When } from '../../ui/When.tsx';
import { OrganizationLink } from '../organizations/OrganizationLink.tsx';
import { ResolveItem } from './ResolveItem.tsx';
import { type Item, type Reconciliation, resultTones } from './reconciliation.ts';

interface ItemsTableProps {
  day: Reconciliation;
  query: NonNullable<Request<'listReconciliationItems'>['query']>;
}

export function ItemsTable({ day, query }: ItemsTableProps) {
  const t = useTranslations('console.reconciliations');
  const [resolving, setResolving] = useState<Item>();
  const list = usePages('listReconciliationItems', { params: { id: day.id }, query });
  const isWorkLeft = query.open !== undefined;
  return (
    <>
      <DataTable
        label={t('items')}
        list={list}
        columns={useColumns(setResolving)}
        rowKey={({ id }) => id}
        renderError={renderFailure}
        empty={
          <EmptyState title={t(isWorkLeft ? 'nothingOpen' : 'noItems')}>
            {t(isWorkLeft ? 'nothingOpenNote' : 'noItemsNote')}
          </EmptyState>
        }
      />
      {resolving && (
        <ResolveItem day={day} item={resolving} onClose={() => setResolving(undefined)} />
      )}
    </>
  );
}

function useColumns(onResolve: (item: Item) => void): Column<Item>[] {
  const t = useTranslations('console.reconciliations');
  const tUi = useTranslations('ui');
  return [
    { title: t('result'), cell: (item) => <Result item={item} /> },
    { title: t('kind'), cell: (item) => <What item={item} /> },
    { title: t('there'), align: 'end', cell: ({ there }) => <Side side={there} /> },
    { title: t('here'), align: 'end', cell: ({ here }) => <Side side={here} /> },
    { title: t('fee'), align: 'end', cell: ({ fee }) => <Side side={fee} /> },
    {
      title: t('customer'),
      cell: ({ organization }) =>
        organization === null ? (
          <span className="soft">{t('nobody')}</span>
        ) : (
          <OrganizationLink id={organization} />
        ),
    },
    {
      title: t('transaction'),
      cell: ({ provider_transaction, number }) => (
        <Id value={provider_transaction ?? number ?? '–'} isShort />
      ),
    },
    {
      title: tUi('actions'),
      isActions: true,
      cell: (item) => <Actions item={item} onResolve={onResolve} />,
    },
  ];
}

function Result({ item: { result, difference, resolution, note, resolved_by } }: { item: Item }) {
  const t = useTranslations('console.reconciliations');
  const ourselves = resolution !== null && resolved_by === null;
  return (
    <span className="twofold">
      <Status tone={resolution === null ? resultTones[result] : 'quiet'}>
        {difference ? t(`differences.${difference}`) : t(`results.${result}`)}
      </Status>
      {resolution && <small>{t(`resolved.${resolution}`)}</small>}
      {ourselves && <small>{t('byItself')}</small>}
      {note && <small>{note}</small>}
    </span>
  );
}

function What({ item: { kind, at } }: { item: Item }) {
  const t = useTranslations('console.reconciliations');
  return (
    <span className="twofold">
      {t(`kinds.${kind}`)}
      {at && (
        <small>
          <When at={at} show="second" />
        </small>
      )}
    </span>
  );
}

function Side({ side }: { side: Item['there'] }) {
  if (side === null) return <span className="soft">–</span>;
  return <Amount value={side.amount} currency={side.currency} isExact />;
}

function Actions({ item, onResolve }: { item: Item; onResolve: (item: Item) => void }) {
  const t = useTranslations('console.reconciliations');
  const { payment, resolutions } = item;
  return (
    <>
      {resolutions.length > 0 && (
        <AllowedButton
          size="small"
          operation="resolveReconciliationItem"
          onClick={() => onResolve(item)}
        >
          {t('resolve')}
        </AllowedButton>
      )}
      {payment && (
        <ButtonLink size="small" to={paths.consolePayments} search={{ q: payment }}>
          {t('payment')}
        </ButtonLink>
      )}
    </>
  );
}
