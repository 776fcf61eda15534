import { useTranslations } from 'use-intl';
import { usePages } from '../../api/use-pages.ts';
import { Actor, type AuditEntry } from '../../features/audit/Actor.tsx';
import { useActionName } from '../../features/audit/action-name.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { ButtonLink } from '../../features/navigation/ButtonLink.tsx';
import { paths } from '../../paths.ts';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { When } from '../../ui/When.tsx';
import type { OfOrganization } from './terms.ts';

const shownMax = 8;

/** The end of the customer's audit log. */
export function LogPanel({ organization }: OfOrganization) {
  const t = useTranslations('console.customer');
  const tAudit = useTranslations('audit');
  const nameOf = useActionName();
  const search = { organization: organization.id };
  const entries = usePages('searchAuditLogs', { query: { ...search, limit: shownMax } });
  const columns: Column<AuditEntry>[] = [
    { title: tAudit('action'), cell: ({ action }) => nameOf(action) ?? action },
    { title: tAudit('actor'), cell: (entry) => <Actor entry={entry} /> },
    { title: tAudit('entry'), cell: ({ created_at }) => <When at={created_at} /> },
  ];
  return (
    <Panel
      title={t('lastEntries')}
      actions={
        <ButtonLink size="small" to={paths.consoleAudit} search={search}>
          {t('allEntries')}
        </ButtonLink>
      }
    >
      <DataTable
        label={t('lastEntries')}
        list={{ ...entries, hasMore: false }}
        columns={columns}
        rowKey={({ id }) => id}
        renderError={renderFailure}
        empty={<p className="soft">{t('noEntries')}</p>}
      />
    </Panel>
  );
}
