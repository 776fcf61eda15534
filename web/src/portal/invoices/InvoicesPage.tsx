import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { InvoiceStatus } from '../../features/invoice/InvoiceStatus.tsx';
import type { Invoice } from '../../features/invoice/invoice.ts';
import { isPayable } from '../../features/invoice/invoice.ts';
import { useLineText } from '../../features/invoice/line-text.ts';
import { ButtonLink } from '../../features/navigation/ButtonLink.tsx';
import { paths } from '../../paths.ts';
import { Amount } from '../../ui/Amount.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { TabPanels } from '../../ui/TabPanels.tsx';
import { When } from '../../ui/When.tsx';
import { BillingNav } from '../billing/BillingNav.tsx';
import { CreditNotes } from './CreditNotes.tsx';

const route = getRouteApi('/portal/billing/invoices');
const tabs = ['invoices', 'creditNotes'] as const;

export function InvoicesPage() {
  const t = useTranslations('invoices');
  const { tab } = route.useSearch();
  const navigate = useNavigate();
  const lists = { invoices: <Invoices />, creditNotes: <CreditNotes /> };
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')} />
      <BillingNav />
      <Panel>
        <TabPanels
          label={t('title')}
          active={tabs.find((key) => key === tab) ?? tabs[0]}
          onChange={(key) =>
            void navigate({ to: paths.invoices, search: { tab: key }, replace: true })
          }
          tabs={tabs.map((key) => ({ key, label: t(`tabs.${key}`), panel: lists[key] }))}
        />
      </Panel>
    </div>
  );
}

function Invoices() {
  const t = useTranslations('invoices');
  const list = usePages('listInvoices', {});
  return (
    <DataTable
      label={t('tabs.invoices')}
      list={list}
      columns={useColumns()}
      rowKey={(invoice) => invoice.id}
      renderError={renderFailure}
      empty={
        <EmptyState
          title={t('none')}
          action={<ButtonLink to={paths.plans}>{t('toPlans')}</ButtonLink>}
        >
          {t('noneNote')}
        </EmptyState>
      }
    />
  );
}

function useColumns(): Column<Invoice>[] {
  const t = useTranslations('invoices');
  const tUi = useTranslations('ui');
  return [
    {
      title: t('number'),
      cell: ({ id, number }) => (
        <Link to={paths.invoice} params={{ id }}>
          {number ?? t('unnumbered')}
        </Link>
      ),
    },
    { title: t('issued'), cell: ({ issued_at }) => <When at={issued_at} show="day" /> },
    { title: t('for'), cell: (invoice) => <WhatFor invoice={invoice} /> },
    { title: tUi('status'), cell: (invoice) => <InvoiceStatus invoice={invoice} /> },
    {
      title: t('totals.total'),
      align: 'end',
      cell: ({ total, currency }) => <Amount value={total} currency={currency} isExact />,
    },
    {
      title: t('totals.due'),
      align: 'end',
      cell: (invoice) =>
        isPayable(invoice) ? (
          <Amount value={invoice.due} currency={invoice.currency} isExact />
        ) : (
          '–'
        ),
    },
    {
      title: tUi('actions'),
      isActions: true,
      cell: (invoice) =>
        isPayable(invoice) && (
          <Link to={paths.invoice} params={{ id: invoice.id }} search={{ pay: 'now' }}>
            {t('payLink')}
          </Link>
        ),
    },
  ];
}

/** The first line, and how many more there are. */
function WhatFor({ invoice: { lines, currency } }: { invoice: Invoice }) {
  const t = useTranslations('invoices');
  const lineText = useLineText();
  const [first, ...others] = lines;
  if (!first) return '–';
  return (
    <>
      {lineText(first, currency)}
      {others.length > 0 && <span className="soft"> {t('more', { count: others.length })}</span>}
    </>
  );
}
