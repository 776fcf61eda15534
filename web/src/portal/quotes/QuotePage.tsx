import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { reading } from '../../api/use-call.ts';
import { Failure } from '../../features/errors/Failure.tsx';
import { InvoiceTotals } from '../../features/invoice/InvoiceTotals.tsx';
import { LineList } from '../../features/invoice/LineList.tsx';
import { ButtonLink } from '../../features/navigation/ButtonLink.tsx';
import { QuoteStatus } from '../../features/quotes/QuoteStatus.tsx';
import { QuoteTerms } from '../../features/quotes/QuoteTerms.tsx';
import type { Quote, QuotePreview } from '../../features/quotes/quote.ts';
import { useRefusalOf } from '../../features/session/allowed.ts';
import { WithWords } from '../../features/words/WithWords.tsx';
import { quoteWords } from '../../i18n/messages.ts';
import { paths } from '../../paths.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { When } from '../../ui/When.tsx';
import { AcceptQuote } from './AcceptQuote.tsx';

const route = getRouteApi('/portal/billing/quotes/$id');

/** One quote: what it gives and costs, exactly what accepting invoices now, and the two answers to it. */
export function QuotePage() {
  return (
    <WithWords words={quoteWords}>
      <QuoteOfCustomer />
    </WithWords>
  );
}

function QuoteOfCustomer() {
  const { id } = route.useParams();
  const t = useTranslations('quotes');
  const refusal = useRefusalOf()('getQuote');
  const quote = useQuery({ ...reading('getQuote', { params: { id } }), enabled: !refusal });
  return (
    <div className="page">
      <PageHeader
        title={quote.data?.name ?? t('one')}
        note={<Link to={paths.quotes}>{t('all')}</Link>}
        actions={quote.data && <QuoteStatus status={quote.data.status} />}
      />
      {refusal && <EmptyState title={t('hidden')}>{refusal}</EmptyState>}
      {quote.error && !quote.data && (
        <Failure error={quote.error} onRetry={() => void quote.refetch()} />
      )}
      {!refusal && quote.isPending && <Loading rows={8} />}
      {quote.data && <Shown quote={quote.data} />}
    </div>
  );
}

function Shown({ quote }: { quote: Quote }) {
  const t = useTranslations('quotes');
  const isOpen = quote.actions.includes('accept');
  return (
    <div className="columns">
      <Panel title={t('offer')}>
        <QuoteTerms quote={quote} />
      </Panel>
      <div className="stack">{isOpen ? <Open quote={quote} /> : <Closed quote={quote} />}</div>
    </div>
  );
}

function Open({ quote }: { quote: Quote }) {
  const t = useTranslations('quotes');
  const preview = useQuery({
    ...reading('previewQuote', { params: { id: quote.id } }),
    retry: false,
  });
  if (preview.error) {
    return <Failure error={preview.error} onRetry={() => void preview.refetch()} />;
  }
  if (!preview.data) return <Loading rows={6} />;
  return (
    <>
      <Panel title={t('firstInvoice')}>
        <Costs preview={preview.data} />
      </Panel>
      <Panel title={t('answer')}>
        <AcceptQuote quote={quote} preview={preview.data} />
      </Panel>
    </>
  );
}

function Costs({ preview }: { preview: QuotePreview }) {
  const t = useTranslations('quotes');
  const { lines, currency, replaces } = preview;
  return (
    <>
      {lines.length === 0 && <p>{t('nothingInvoiced')}</p>}
      {lines.length > 0 && <LineList lines={lines} currency={currency} />}
      {lines.length > 0 && <InvoiceTotals totals={preview} dueLabel={t('dueToday')} />}
      {replaces && <p>{t('replaces', { plan: replaces.plan })}</p>}
    </>
  );
}

function Closed({ quote }: { quote: Quote }) {
  const t = useTranslations('quotes');
  const { status, closed_at: closedAt, valid_until: validUntil } = quote;
  if (status === 'draft' || status === 'sent') return null;
  const at = status === 'expired' ? validUntil : closedAt;
  return (
    <Panel>
      <p>{t.rich(`closed.${status}`, { when: () => at && <When at={at} show="day" /> })}</p>
      {status === 'accepted' && (
        <div>
          <ButtonLink to={paths.subscription}>{t('toSubscription')}</ButtonLink>
        </div>
      )}
    </Panel>
  );
}
