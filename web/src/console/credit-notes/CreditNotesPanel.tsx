import { useTranslations } from 'use-intl';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { DataTable } from '../../ui/DataTable.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { useCreditNoteColumns } from './columns.tsx';

/** What was taken back of one invoice; nothing is shown where nothing was. */
export function CreditNotesPanel({ invoice }: { invoice: string }) {
  const t = useTranslations('console.creditNotes');
  const notes = usePages('searchCreditNotes', { query: { invoice } });
  const columns = useCreditNoteColumns();
  if (notes.rows?.length === 0) return null;
  return (
    <Panel title={t('title')}>
      <DataTable
        label={t('title')}
        list={notes}
        columns={columns}
        rowKey={({ id }) => id}
        renderError={renderFailure}
        empty={null}
      />
    </Panel>
  );
}
