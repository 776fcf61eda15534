/** What a pay link leads to: whoever opens it pays an invoice or a published price, signed in or not. */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Alert } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { reading } from '../../api/use-call.ts';
import { Failure } from '../../features/errors/Failure.tsx';
import { useLineText } from '../../features/invoice/line-text.ts';
import { useCycleText } from '../../features/offers/cycle-text.ts';
import { Amount } from '../../ui/Amount.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { useDocumentTitle } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { When } from '../../ui/When.tsx';
import { tellPaid } from './embedding.ts';
import { keepPayment, keptPayment } from './kept-payment.ts';
import { PayForm } from './PayForm.tsx';
import { PaymentUnderWay } from './PaymentUnderWay.tsx';

const route = getRouteApi('/open/pay/$link');
const pollIntervalMs = 2_500;

type Payable = Answer<'getPayable'>;

export function PayPage() {
  const { link } = route.useParams();
  const [paymentId, setPaymentId] = useState(() => keptPayment(link));
  const payable = useQuery({
    ...reading('getPayable', { params: { link } }),
    refetchInterval: ({ state }) =>
      paymentId !== undefined && state.data?.status === 'open' ? pollIntervalMs : false,
  });
  const begin = (id: string) => {
    keepPayment(link, id);
    setPaymentId(id);
  };
  return (
    <main className="page pay">
      {payable.isPending && <Loading rows={6} />}
      {payable.error && <Failure error={payable.error} onRetry={() => void payable.refetch()} />}
      {payable.data?.kind === 'invoice' && (
        <PayInvoice
          key={link}
          payable={payable.data}
          paymentId={paymentId}
          onBegun={begin}
          onAgain={() => setPaymentId(undefined)}
        />
      )}
      {payable.data?.kind === 'price' && <PayPrice payable={payable.data} />}
    </main>
  );
}

interface PayInvoiceProps {
  payable: Extract<Payable, { kind: 'invoice' }>;
  paymentId: string | undefined;
  onBegun: (paymentId: string) => void;
  onAgain: () => void;
}

function PayInvoice({ payable, paymentId, onBegun, onAgain }: PayInvoiceProps) {
  const t = useTranslations('pay');
  const { link, status, seller, number } = payable;
  useDocumentTitle(number ? t('invoiceTitle', { number }) : t('title'));
  useEffect(() => {
    if (status === 'paid') tellPaid(link);
  }, [status, link]);
  return (
    <>
      <header className="page-header">
        <h1>{number ? t('invoiceTitle', { number }) : t('title')}</h1>
        <p className="soft">{t('to', { seller })}</p>
      </header>
      {status === 'paid' && <Alert type="success" showIcon title={t('paid')} />}
      {status === 'closed' && <Alert type="info" showIcon title={t('closed')} />}
      {status === 'open' && paymentId === undefined && (
        <PayForm payable={payable} amount={payable.due} onBegun={({ id }) => onBegun(id)} />
      )}
      {status === 'open' && paymentId !== undefined && (
        <PaymentUnderWay link={link} id={paymentId} onAgain={onAgain} />
      )}
      <Panel title={t('details')}>
        <Lines payable={payable} />
      </Panel>
    </>
  );
}

function Lines({ payable }: { payable: Extract<Payable, { kind: 'invoice' }> }) {
  const t = useTranslations('pay');
  const lineText = useLineText();
  const { currency, lines, tax, total, due } = payable;
  return (
    <>
      <ul className="bought">
        {lines.map((line, position) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines of an issued invoice never move
          <li key={position}>
            <span>{lineText(line, currency)}</span>
            <Amount value={line.amount} currency={currency} />
          </li>
        ))}
        {Number(tax) !== 0 && (
          <li>
            <span>{t('tax')}</span>
            <Amount value={tax} currency={currency} />
          </li>
        )}
        <li className="bought-total">
          <span>{t('total')}</span>
          <Amount value={total} currency={currency} />
        </li>
      </ul>
      <Facts
        items={[
          { label: t('due'), value: <Amount value={due} currency={currency} /> },
          { label: t('by'), value: <When at={payable.due_at} show="day" /> },
          { label: t('issued'), value: <When at={payable.issued_at} show="day" /> },
        ]}
      />
    </>
  );
}

function PayPrice({ payable }: { payable: Extract<Payable, { kind: 'price' }> }) {
  const t = useTranslations('pay');
  const { per } = useCycleText();
  const navigate = route.useNavigate();
  const { title, description, seller, amount, currency, billing_cycle: cycle, status } = payable;
  useDocumentTitle(title);
  return (
    <>
      <header className="page-header">
        <h1>{title}</h1>
        <p className="soft">{t('to', { seller })}</p>
      </header>
      <Panel>
        <p className="price">
          <Amount value={amount} currency={currency} />
          {cycle !== null && <span className="soft"> {per(cycle)}</span>}
        </p>
        {description && <p>{description}</p>}
      </Panel>
      {status === 'closed' ? (
        <Alert type="info" showIcon title={t('notSold')} />
      ) : (
        <PayForm
          payable={payable}
          amount={amount}
          onBegun={(payment) => {
            keepPayment(payment.link, payment.id);
            void navigate({ params: { link: payment.link } });
          }}
        />
      )}
    </>
  );
}
