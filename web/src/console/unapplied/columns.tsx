import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { useProviderName } from '../../features/payment/providers.ts';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { paths } from '../../paths.ts';
import { Amount } from '../../ui/Amount.tsx';
import type { Column } from '../../ui/DataTable.tsx';
import { Id } from '../../ui/Id.tsx';
import { Status, type Tone } from '../../ui/Status.tsx';
import { When } from '../../ui/When.tsx';
import { OrganizationLink } from '../organizations/OrganizationLink.tsx';
import { PaymentLink } from '../payments/refund-columns.tsx';
import { ApplyUnapplied } from './ApplyUnapplied.tsx';
import { ReturnUnapplied } from './ReturnUnapplied.tsx';

export type Unapplied = Answer<'listUnapplied'>['data'][number];

export const unappliedStates = ['open', 'applied', 'returned'] as const;

const tones: Record<Unapplied['state'], Tone> = {
  open: 'warning',
  applied: 'good',
  returned: 'quiet',
};

/** Money that fitted nothing, with what can be done about it; on its payment's own page without the payment. */
export function useUnappliedColumns({
  isOfPayment,
}: {
  isOfPayment: boolean;
}): Column<Unapplied>[] {
  const t = useTranslations('console.unapplied');
  const tParked = useTranslations('console.parked');
  const tUi = useTranslations('ui');
  const tPayments = useTranslations('console.payments');
  const tRefunds = useTranslations('console.refunds');
  const providerName = useProviderName();
  const ofPayment: Column<Unapplied>[] = [
    {
      title: tPayments('customer'),
      cell: ({ organization }) => <OrganizationLink id={organization} />,
    },
    { title: tRefunds('payment'), cell: ({ payment }) => <PaymentLink payment={payment} /> },
  ];
  return [
    { title: t('received'), cell: ({ received_at }) => <When at={received_at} /> },
    {
      title: tUi('amount'),
      align: 'end',
      cell: ({ amount, currency }) => <Amount value={amount} currency={currency} isExact />,
    },
    { title: t('reason'), cell: (money) => <Reason money={money} /> },
    { title: tParked('state'), cell: (money) => <State money={money} /> },
    ...(isOfPayment ? [] : ofPayment),
    {
      title: tPayments('provider'),
      cell: ({ provider, provider_transaction }) => (
        <span className="twofold">
          {providerName(provider)}
          <Id value={provider_transaction} isShort />
        </span>
      ),
    },
    { title: tUi('actions'), isActions: true, cell: (money) => <Resolve money={money} /> },
  ];
}

function Reason({ money: { reason } }: { money: Unapplied }) {
  const t = useTranslations('console.unapplied');
  return (
    <span className="twofold">
      {t(`reasons.${reason}`)}
      <small>{t(`reasonNotes.${reason}`)}</small>
    </span>
  );
}

function State({ money: { state, applied } }: { money: Unapplied }) {
  const t = useTranslations('console.parked');
  return (
    <span className="twofold">
      <Status tone={tones[state]}>{t(`states.${state}`)}</Status>
      {applied && (
        <small>
          {applied.invoice === null ? (
            t('appliedToWallet')
          ) : (
            <Link to={paths.consoleInvoice} params={{ id: applied.invoice }}>
              {t('appliedTo', { invoice: applied.invoice })}
            </Link>
          )}
        </small>
      )}
    </span>
  );
}

function Resolve({ money }: { money: Unapplied }) {
  const t = useTranslations('console.parked');
  const [asked, setAsked] = useState<'apply' | 'return'>();
  if (money.state !== 'open') return null;
  const close = () => setAsked(undefined);
  return (
    <span className="actions">
      <AllowedButton size="small" operation="applyUnapplied" onClick={() => setAsked('apply')}>
        {t('apply')}
      </AllowedButton>
      <AllowedButton size="small" operation="returnUnapplied" onClick={() => setAsked('return')}>
        {t('return')}
      </AllowedButton>
      {asked === 'apply' && <ApplyUnapplied money={money} onClose={close} />}
      {asked === 'return' && <ReturnUnapplied money={money} onClose={close} />}
    </span>
  );
}
