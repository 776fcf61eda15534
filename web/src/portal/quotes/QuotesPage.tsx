import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { QuotePrice } from '../../features/quotes/QuotePrice.tsx';
import { QuoteStatus } from '../../features/quotes/QuoteStatus.tsx';
import type { Quote } from '../../features/quotes/quote.ts';
import { useRefusalOf } from '../../features/session/allowed.ts';
import { WithWords } from '../../features/words/WithWords.tsx';
import { quoteWords } from '../../i18n/messages.ts';
import { paths } from '../../paths.ts';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { When } from '../../ui/When.tsx';
import { BillingNav } from '../billing/BillingNav.tsx';

/** What was offered to this organization alone. */
export function QuotesPage() {
  return (
    <WithWords words={quoteWords}>
      <Quotes />
    </WithWords>
  );
}

function Quotes() {
  const t = useTranslations('quotes');
  const refusal = useRefusalOf()('listQuotes');
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')} />
      <BillingNav />
      <Panel>
        {refusal ? <EmptyState title={t('hidden')}>{refusal}</EmptyState> : <OwnQuotes />}
      </Panel>
    </div>
  );
}

function OwnQuotes() {
  const t = useTranslations('quotes');
  return (
    <DataTable
      label={t('title')}
      list={usePages('listQuotes', {})}
      columns={useColumns()}
      rowKey={({ id }) => id}
      renderError={renderFailure}
      empty={<EmptyState title={t('none')}>{t('noneNote')}</EmptyState>}
    />
  );
}

function useColumns(): Column<Quote>[] {
  const t = useTranslations('quotes');
  const tUi = useTranslations('ui');
  return [
    {
      title: t('name'),
      cell: ({ id, name }) => (
        <Link to={paths.quote} params={{ id }}>
          {name}
        </Link>
      ),
    },
    { title: t('price'), cell: (quote) => <QuotePrice {...quote} /> },
    { title: tUi('status'), cell: ({ status }) => <QuoteStatus status={status} /> },
    {
      title: t('sent'),
      cell: ({ sent_at }) => (sent_at ? <When at={sent_at} show="day" /> : '–'),
    },
    { title: t('validUntil'), cell: ({ valid_until }) => <When at={valid_until} /> },
  ];
}
