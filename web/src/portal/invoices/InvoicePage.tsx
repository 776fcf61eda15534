import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { Alert } from 'antd';
import { useTranslations } from 'use-intl';
import { reading } from '../../api/use-call.ts';
import { usePages } from '../../api/use-pages.ts';
import { DownloadButton } from '../../features/documents/DownloadButton.tsx';
import { Failure } from '../../features/errors/Failure.tsx';
import { InvoiceLines } from '../../features/invoice/InvoiceLines.tsx';
import { InvoiceTotals } from '../../features/invoice/InvoiceTotals.tsx';
import { type Invoice, isPayable, standingOf } from '../../features/invoice/invoice.ts';
import { Parties } from '../../features/invoice/Parties.tsx';
import { PayLinkButton } from '../../features/invoice/PayLinkButton.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { WithWords } from '../../features/words/WithWords.tsx';
import { fapiaoWords } from '../../i18n/messages.ts';
import { paths } from '../../paths.ts';
import { Amount } from '../../ui/Amount.tsx';
import { toNanos } from '../../ui/decimal.ts';
import { Loading } from '../../ui/Loading.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { When } from '../../ui/When.tsx';
import { BillingNav } from '../billing/BillingNav.tsx';
import { FapiaoOfInvoice } from '../fapiao/FapiaoOfInvoice.tsx';
import { InvoiceFacts } from './InvoiceFacts.tsx';
import { PayInvoice } from './PayInvoice.tsx';

const route = getRouteApi('/portal/billing/invoices/$id');

export function InvoicePage() {
  const { id } = route.useParams();
  const t = useTranslations('invoices');
  const invoice = useQuery(reading('getInvoice', { params: { id } }));
  const number = invoice.data?.number;
  return (
    <div className="page">
      <PageHeader
        title={number ? t('titleOf', { number }) : t('titleUnnumbered')}
        actions={invoice.data && <Actions invoice={invoice.data} />}
      />
      <BillingNav />
      {invoice.error && <Failure error={invoice.error} onRetry={() => void invoice.refetch()} />}
      {invoice.isPending && <Loading rows={8} />}
      {invoice.data && <InvoicePanels invoice={invoice.data} />}
    </div>
  );
}

function Actions({ invoice }: { invoice: Invoice }) {
  const t = useTranslations('invoices');
  const { pay } = route.useSearch();
  const navigate = useNavigate();
  const { id } = invoice;
  const ask = (search: { pay?: string }) =>
    void navigate({ to: paths.invoice, params: { id }, search, replace: true });
  return (
    <>
      <DownloadButton operation="printInvoice" id={id} name={invoice.number ?? id} />
      {isPayable(invoice) && <PayLinkButton operation="createPayLink" id={id} />}
      {isPayable(invoice) && (
        <AllowedButton operation="payInvoice" type="primary" onClick={() => ask({ pay: 'now' })}>
          {t('pay')}
        </AllowedButton>
      )}
      {pay && isPayable(invoice) && <PayInvoice invoice={invoice} onClose={() => ask({})} />}
    </>
  );
}

function InvoicePanels({ invoice }: { invoice: Invoice }) {
  const t = useTranslations('invoices');
  const treatment = invoice.tax_treatment;
  return (
    <>
      <Overdue invoice={invoice} />
      <Panel>
        <InvoiceFacts invoice={invoice} />
      </Panel>
      <Panel title={t('lines')} note={invoice.tax_inclusive ? t('inclusive') : undefined}>
        <InvoiceLines lines={invoice.lines} currency={invoice.currency} />
        <InvoiceTotals totals={invoice} />
        {(treatment === 'reverse_charge' || treatment === 'exempt') && (
          <p className="soft">{t(`treatments.${treatment}`)}</p>
        )}
      </Panel>
      <CreditNotesOf invoice={invoice} />
      <WithWords words={fapiaoWords}>
        <FapiaoOfInvoice invoice={invoice} />
      </WithWords>
      <Parties seller={invoice.seller} customer={invoice.customer} />
    </>
  );
}

function Overdue({ invoice }: { invoice: Invoice }) {
  const t = useTranslations('invoices');
  if (standingOf(invoice) !== 'overdue') return null;
  return (
    <Alert
      type="error"
      showIcon
      title={t.rich('overdueNote', { when: () => <When at={invoice.due_at} show="day" /> })}
    />
  );
}

/** A customer has few credit notes: those of one invoice are found among the newest. */
const creditNotesReadMax = 200;

function CreditNotesOf({ invoice }: { invoice: Invoice }) {
  const t = useTranslations('invoices');
  const isCredited = toNanos(invoice.credited) > 0n;
  const query = { limit: creditNotesReadMax };
  const list = usePages('listCreditNotes', { query }, { enabled: isCredited });
  const notes = list.rows?.filter((note) => note.invoice.id === invoice.id) ?? [];
  if (!isCredited || notes.length === 0) return null;
  return (
    <Panel title={t('tabs.creditNotes')}>
      <ul className="bought">
        {notes.map((note) => (
          <li key={note.id}>
            <span>
              <Link to={paths.creditNote} params={{ id: note.id }}>
                {note.number ?? t('unnumbered')}
              </Link>{' '}
              <span className="soft">{note.reason}</span>
            </span>
            <Amount value={`-${note.total}`} currency={note.currency} isExact />
          </li>
        ))}
      </ul>
    </Panel>
  );
}
