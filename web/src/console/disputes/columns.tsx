import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { useProviderName } from '../../features/payment/providers.ts';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { Amount } from '../../ui/Amount.tsx';
import type { Column } from '../../ui/DataTable.tsx';
import { Id } from '../../ui/Id.tsx';
import { Status, type Tone } from '../../ui/Status.tsx';
import { When } from '../../ui/When.tsx';
import { OrganizationLink } from '../organizations/OrganizationLink.tsx';
import { PaymentLink } from '../payments/refund-columns.tsx';
import { ResolveDispute } from './ResolveDispute.tsx';

export type Dispute = Answer<'searchDisputes'>['data'][number];

export const disputeStatuses = ['needs_response', 'under_review', 'won', 'lost'] as const;

const tones: Record<Dispute['status'], Tone> = {
  needs_response: 'warning',
  under_review: 'active',
  won: 'good',
  lost: 'bad',
};

/** Disputes as an operator works through them; on their payment's own page without the payment. */
export function useDisputeColumns({ isOfPayment }: { isOfPayment: boolean }): Column<Dispute>[] {
  const t = useTranslations('console.disputes');
  const tPayments = useTranslations('console.payments');
  const tRefunds = useTranslations('console.refunds');
  const tUi = useTranslations('ui');
  const providerName = useProviderName();
  const ofPayment: Column<Dispute>[] = [
    {
      title: tPayments('customer'),
      cell: ({ organization }) => <OrganizationLink id={organization} />,
    },
    { title: tRefunds('payment'), cell: ({ payment }) => <PaymentLink payment={payment} /> },
  ];
  return [
    { title: t('opened'), cell: ({ opened_at }) => <When at={opened_at} /> },
    ...(isOfPayment ? [] : ofPayment),
    {
      title: tUi('amount'),
      align: 'end',
      cell: ({ amount, currency, withdrawn }) => (
        <span className="twofold">
          <Amount value={amount} currency={currency} isExact />
          <small>{t(withdrawn ? 'isWithdrawn' : 'isNotWithdrawn')}</small>
        </span>
      ),
    },
    { title: tUi('status'), cell: (dispute) => <Standing dispute={dispute} /> },
    {
      title: t('deadline'),
      cell: ({ respond_by, status }) =>
        respond_by && status === 'needs_response' ? <When at={respond_by} /> : '–',
    },
    {
      title: t('reason'),
      cell: ({ reason, provider }) => (
        <span className="twofold">
          {reason}
          <small>{providerName(provider)}</small>
        </span>
      ),
    },
    { title: t('reference'), cell: ({ reference }) => <Id value={reference} isShort /> },
    { title: tUi('actions'), isActions: true, cell: (dispute) => <Decide dispute={dispute} /> },
  ];
}

function Standing({ dispute: { status, borne_by, note } }: { dispute: Dispute }) {
  const t = useTranslations('console.disputes');
  return (
    <span className="twofold">
      <Status tone={tones[status]}>{t(`statuses.${status}`)}</Status>
      {borne_by && <small title={note ?? undefined}>{t(`borneBy.${borne_by}`)}</small>}
    </span>
  );
}

function Decide({ dispute }: { dispute: Dispute }) {
  const t = useTranslations('console.disputes');
  const [isAsked, setIsAsked] = useState(false);
  if (dispute.status !== 'lost' || dispute.borne_by !== null) return null;
  return (
    <>
      <AllowedButton size="small" operation="resolveDispute" onClick={() => setIsAsked(true)}>
        {t('resolve')}
      </AllowedButton>
      {isAsked && <ResolveDispute dispute={dispute} onClose={() => setIsAsked(false)} />}
    </>
  );
}
