import { useTranslations } from 'use-intl';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { ButtonLink } from '../../features/navigation/ButtonLink.tsx';
import { useReceiptColumns } from '../../features/receipt/columns.tsx';
import { paths } from '../../paths.ts';
import { DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Panel } from '../../ui/Panel.tsx';

const shownMax = 5;
/** Calls appear while one looks. */
const refetchIntervalMs = 5_000;

export function CallsPanel({ organization }: { organization: string }) {
  const t = useTranslations('console.calls');
  const calls = usePages(
    'searchReceipts',
    { query: { organization, limit: shownMax } },
    { refetchIntervalMs },
  );
  const columns = useReceiptColumns(paths.consoleCall);
  return (
    <Panel
      title={t('last')}
      actions={
        <ButtonLink size="small" to={paths.consoleCalls} search={{ organization }}>
          {t('all')}
        </ButtonLink>
      }
    >
      <DataTable
        label={t('last')}
        list={{ ...calls, hasMore: false }}
        columns={columns}
        rowKey={({ request_id }) => request_id}
        renderError={renderFailure}
        empty={<EmptyState title={t('none')}>{t('noneOfCustomer')}</EmptyState>}
      />
    </Panel>
  );
}
