import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { ButtonLink } from '../../features/navigation/ButtonLink.tsx';
import { paths } from '../../paths.ts';
import { DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { usePaymentColumns } from '../payments/columns.tsx';

const shownMax = 5;

interface PaymentsPanelProps {
  organization: string;
  /** The button that records one. */
  record: ReactNode;
}

export function PaymentsPanel({ organization, record }: PaymentsPanelProps) {
  const t = useTranslations('console.payments');
  const payments = usePages('searchPayments', { query: { organization, limit: shownMax } });
  return (
    <Panel
      title={t('last')}
      actions={
        <ButtonLink size="small" to={paths.consolePayments} search={{ organization }}>
          {t('all')}
        </ButtonLink>
      }
    >
      <DataTable
        label={t('last')}
        list={{ ...payments, hasMore: false }}
        columns={usePaymentColumns()}
        rowKey={({ id }) => id}
        renderError={renderFailure}
        empty={
          <EmptyState title={t('none')} action={record}>
            {t('noneOfCustomer')}
          </EmptyState>
        }
      />
    </Panel>
  );
}
