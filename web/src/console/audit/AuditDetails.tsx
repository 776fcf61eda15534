import { Drawer } from 'antd';
import { useTranslations } from 'use-intl';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { Id } from '../../ui/Id.tsx';
import { settledList } from '../../ui/pages.ts';
import { When } from '../../ui/When.tsx';
import { OrganizationLink } from '../organizations/OrganizationLink.tsx';
import { Actor, type AuditEntry } from './Actor.tsx';
import { useActionName } from './action-name.ts';
import { type Change, changesOf } from './changes.ts';

/** Who did it from where, and what stood there before and after. */
export function AuditDetails({ entry, onClose }: { entry: AuditEntry; onClose: () => void }) {
  const t = useTranslations('console.audit');
  const tUi = useTranslations('ui');
  const name = useActionName()(entry.action);
  return (
    <Drawer open size={720} title={name ?? entry.action} onClose={onClose}>
      <div className="stack">
        <Facts
          items={[
            { label: tUi('time'), value: <When at={entry.created_at} show="second" /> },
            { label: t('action'), value: <code>{entry.action}</code> },
            { label: t('actor'), value: <Actor entry={entry} /> },
            { label: t('customer'), value: <OrganizationLink id={entry.organization} /> },
            { label: t('kind'), value: <code>{entry.resource.kind}</code> },
            { label: t('resource'), value: <Id value={entry.resource.id} /> },
            { label: t('ip'), value: entry.ip ?? '–' },
            { label: t('entry'), value: <Id value={entry.id} /> },
          ]}
        />
        <Facts as="wide" items={[{ label: t('userAgent'), value: entry.user_agent ?? '–' }]} />
        <h3>{t('changes')}</h3>
        <Changes entry={entry} />
      </div>
    </Drawer>
  );
}

function Changes({ entry }: { entry: AuditEntry }) {
  const t = useTranslations('console.audit');
  const columns: Column<Change>[] = [
    { title: t('field'), cell: ({ field }) => <code>{field}</code> },
    { title: t('before'), cell: ({ before }) => <code className="value">{before}</code> },
    { title: t('after'), cell: ({ after }) => <code className="value">{after}</code> },
  ];
  return (
    <DataTable
      label={t('changes')}
      list={settledList(changesOf(entry))}
      columns={columns}
      rowKey={({ field }) => field}
      renderError={() => null}
      empty={<p className="soft">{t('noChanges')}</p>}
    />
  );
}
