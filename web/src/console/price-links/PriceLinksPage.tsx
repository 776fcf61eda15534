import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Tag } from 'antd';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { useChange } from '../../api/use-call.ts';
import { usePages } from '../../api/use-pages.ts';
import { Refused, renderFailure } from '../../features/errors/Failure.tsx';
import { useCycleText } from '../../features/offers/cycle-text.ts';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { paths } from '../../paths.ts';
import { CopyButton } from '../../ui/CopyButton.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { When } from '../../ui/When.tsx';
import { NewPriceLink } from './PriceLinkDrawer.tsx';
import { useOffers } from './use-offers.ts';

const route = getRouteApi('/console/admin/price-links');
/** What `edit` says in the address while a link is being made. */
const isNew = 'new';

type PriceLink = Answer<'createPriceLink'>;

export function PriceLinksPage() {
  const t = useTranslations('console.priceLinks');
  const { edit } = route.useSearch();
  const navigate = useNavigate();
  const ask = (value: string) =>
    void navigate({ to: paths.consolePriceLinks, search: { edit: value }, replace: true });
  const links = usePages('listPriceLinks', {});
  const update = useChange('updatePriceLink', { refreshes: ['listPriceLinks'] });
  const create = (
    <AllowedButton operation="createPriceLink" type="primary" onClick={() => ask(isNew)}>
      {t('create')}
    </AllowedButton>
  );
  const columns = useColumns(({ id, status }) =>
    update.mutate({
      params: { id },
      body: { status: status === 'active' ? 'archived' : 'active' },
    }),
  );
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')} actions={create} />
      <Panel>
        <Refused error={update.error} />
        <DataTable
          label={t('title')}
          list={links}
          columns={columns}
          rowKey={({ id }) => id}
          renderError={renderFailure}
          empty={
            <EmptyState title={t('none')} action={create}>
              {t('noneNote')}
            </EmptyState>
          }
        />
      </Panel>
      {edit === isNew && <NewPriceLink onClose={() => ask('')} />}
    </div>
  );
}

function useColumns(onTurn: (link: PriceLink) => void): Column<PriceLink>[] {
  const t = useTranslations('console.priceLinks');
  const tUi = useTranslations('ui');
  const { nameOf } = useOffers();
  const { per } = useCycleText();
  return [
    { title: t('name'), cell: ({ name }) => name },
    {
      title: t('sells'),
      cell: (link) => (
        <span className="twofold">
          {nameOf(link)}
          {link.billing_cycle && (
            <small>{[link.currency, per(link.billing_cycle)].filter(Boolean).join(' ')}</small>
          )}
        </span>
      ),
    },
    { title: t('sold'), align: 'end', cell: ({ sold }) => <span className="figure">{sold}</span> },
    { title: t('made'), cell: ({ created_at: at }) => <When at={at} /> },
    {
      title: tUi('status'),
      cell: ({ status }) => <Tag>{t(`statuses.${status}`)}</Tag>,
    },
    {
      title: t('link'),
      cell: (link) => (
        <span className="actions">
          <CopyButton text={link.url} label={t('copy')} showLabel />
          <AllowedButton operation="updatePriceLink" onClick={() => onTurn(link)}>
            {t(link.status === 'active' ? 'archive' : 'activate')}
          </AllowedButton>
        </span>
      ),
    },
  ];
}
