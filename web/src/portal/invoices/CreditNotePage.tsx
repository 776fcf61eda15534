import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { reading } from '../../api/use-call.ts';
import { DownloadButton } from '../../features/documents/DownloadButton.tsx';
import { Failure } from '../../features/errors/Failure.tsx';
import type { CreditNote } from '../../features/invoice/invoice.ts';
import { useLineText } from '../../features/invoice/line-text.ts';
import { Parties } from '../../features/invoice/Parties.tsx';
import { paths } from '../../paths.ts';
import { Amount } from '../../ui/Amount.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { When } from '../../ui/When.tsx';
import { BillingNav } from '../billing/BillingNav.tsx';

const route = getRouteApi('/portal/billing/credit-notes/$id');

export function CreditNotePage() {
  const { id } = route.useParams();
  const t = useTranslations('invoices');
  const note = useQuery(reading('getCreditNote', { params: { id } }));
  return (
    <div className="page">
      <PageHeader
        title={t('creditNoteOf', { number: note.data?.number ?? '' })}
        note={note.data?.reason}
        actions={
          note.data && (
            <DownloadButton operation="printCreditNote" id={id} name={note.data.number ?? id} />
          )
        }
      />
      <BillingNav />
      {note.error && <Failure error={note.error} onRetry={() => void note.refetch()} />}
      {note.isPending && <Loading rows={6} />}
      {note.data && <CreditNotePanels note={note.data} />}
    </div>
  );
}

function CreditNotePanels({ note }: { note: CreditNote }) {
  const t = useTranslations('invoices');
  const amount = (value: string) => <Amount value={value} currency={note.currency} isExact />;
  return (
    <>
      <Panel>
        <Facts
          as="figures"
          items={[
            { label: t('totals.total'), value: amount(note.total) },
            { label: t('remaining'), value: amount(note.remaining) },
          ]}
        />
        <Facts
          items={[
            { label: t('issued'), value: <When at={note.issued_at} show="day" /> },
            {
              label: t('corrects'),
              value: (
                <Link to={paths.invoice} params={{ id: note.invoice.id }}>
                  {note.invoice.number}
                </Link>
              ),
            },
            { label: t('againstDue'), value: amount(note.against_due) },
            { label: t('toCredit'), value: amount(note.to_credit) },
          ]}
        />
      </Panel>
      <TakenBack note={note} />
      <Parties seller={note.seller} customer={note.customer} />
    </>
  );
}

/** What was taken back, and the tax with it. */
function TakenBack({ note }: { note: CreditNote }) {
  const t = useTranslations('invoices');
  const lineText = useLineText();
  const amount = (value: string) => <Amount value={value} currency={note.currency} isExact />;
  return (
    <Panel title={t('takenBack')}>
      <ul className="bought">
        {note.lines.map((line) => (
          <li key={`${line.position} ${line.description}`}>
            <span>{lineText(line, note.currency)}</span>
            {amount(line.amount)}
          </li>
        ))}
        {note.taxes.map((tax) => (
          <li key={`${tax.name} ${tax.rate}`}>
            <span className="soft">
              {t(note.tax_inclusive ? 'totals.taxIncluded' : 'totals.tax', tax)}
            </span>
            {amount(tax.amount)}
          </li>
        ))}
        <li className="bought-total">
          <span>{t('totals.total')}</span>
          {amount(note.total)}
        </li>
      </ul>
    </Panel>
  );
}
