import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { ButtonLink } from '../../features/navigation/ButtonLink.tsx';
import { useReceiptColumns } from '../../features/receipt/columns.tsx';
import type { Receipt } from '../../features/receipt/recompute.ts';
import { paths } from '../../paths.ts';
import { DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Panel } from '../../ui/Panel.tsx';
import type { Pages } from '../../ui/pages.ts';

export function LastCalls({ calls }: { calls: Pages<Receipt> }) {
  const t = useTranslations('dashboard');
  const tCalls = useTranslations('calls');
  const columns = useReceiptColumns(paths.call);
  return (
    <Panel title={t('lastCalls')} actions={<Link to={paths.calls}>{t('allCalls')}</Link>}>
      <DataTable
        label={t('lastCalls')}
        // The rest is a page of its own.
        list={{ ...calls, rows: calls.rows?.slice(0, callsShownMax), hasMore: false }}
        columns={columns}
        rowKey={(receipt) => receipt.request_id}
        renderError={renderFailure}
        empty={
          <EmptyState
            title={tCalls('none')}
            action={<ButtonLink to={paths.keys}>{tCalls('toKeys')}</ButtonLink>}
          >
            {tCalls('noneNote')}
          </EmptyState>
        }
      />
    </Panel>
  );
}

const callsShownMax = 5;
