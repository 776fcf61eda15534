/** Credit that the customer was given, and what is left of it. */
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { Amount } from '../../ui/Amount.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { When } from '../../ui/When.tsx';
import { GiveCredit } from './GiveCredit.tsx';
import { useRecurrenceText } from './recurrence-text.ts';
import type { OfOrganization } from './terms.ts';

type Grant = Answer<'listGrants'>['data'][number];

interface GrantsPanelProps extends OfOrganization {
  /** The wallet's. */
  currency: string;
}

const shownAtOnce = 10;

export function GrantsPanel({ organization, currency }: GrantsPanelProps) {
  const t = useTranslations('console.grants');
  const [isGiving, setGiving] = useState(false);
  const grants = usePages('listGrants', {
    params: { id: organization.id },
    query: { limit: shownAtOnce },
  });
  const give = (
    <AllowedButton operation="giveGrant" onClick={() => setGiving(true)}>
      {t('give')}
    </AllowedButton>
  );
  const isEmpty = grants.rows?.length === 0;
  return (
    <Panel title={t('title')} note={t('note')} actions={!isEmpty && give}>
      <DataTable
        label={t('title')}
        list={grants}
        columns={useColumns()}
        rowKey={({ id }) => id}
        renderError={renderFailure}
        empty={
          <EmptyState title={t('none')} action={give}>
            {t('noneNote')}
          </EmptyState>
        }
      />
      {isGiving && (
        <GiveCredit
          organization={organization}
          currency={currency}
          onClose={() => setGiving(false)}
        />
      )}
    </Panel>
  );
}

function useColumns(): Column<Grant>[] {
  const t = useTranslations('console.grants');
  const tUi = useTranslations('ui');
  return [
    { title: tUi('amount'), cell: (grant) => <Given grant={grant} /> },
    {
      title: t('left'),
      align: 'end',
      cell: ({ balance, currency }) => <Amount value={balance} currency={currency} />,
    },
    { title: t('since'), cell: ({ starts_at }) => <When at={starts_at} show="day" /> },
    {
      title: t('until'),
      cell: ({ expires_at: until }) => (until === null ? t('forGood') : <When at={until} />),
    },
    { title: t('priority'), align: 'end', cell: ({ priority }) => priority },
    { title: t('reason'), cell: ({ note }) => note ?? '–' },
  ];
}

function Given({ grant }: { grant: Grant }) {
  const t = useTranslations('console.grants');
  const text = useRecurrenceText();
  const { amount, currency, recurrence } = grant;
  return (
    <span className="twofold">
      <Amount value={amount} currency={currency} isExact />
      <small>{recurrence ? text(recurrence) : t('once')}</small>
    </span>
  );
}
