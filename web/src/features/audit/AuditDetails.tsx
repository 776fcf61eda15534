import { Alert, Drawer } from 'antd';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { Id } from '../../ui/Id.tsx';
import { settledList } from '../../ui/pages.ts';
import { When } from '../../ui/When.tsx';
import { Actor, type AuditEntry } from './Actor.tsx';
import { useActionName } from './action-name.ts';
import { type Change, changesOf } from './changes.ts';

interface AuditDetailsProps {
  entry: AuditEntry;
  /** Whose entry it is, where entries of several are shown. */
  customer?: ReactNode;
  onClose: () => void;
}

/** Who did it from where, and what stood there before and after. */
export function AuditDetails({ entry, customer, onClose }: AuditDetailsProps) {
  const t = useTranslations('audit');
  const tUi = useTranslations('ui');
  const name = useActionName()(entry.action);
  const isOriginErased = entry.erased.includes('origin');
  const origin = (value: string | null) => (isOriginErased ? t('erased') : (value ?? '–'));
  return (
    <Drawer open size={720} title={name ?? entry.action} onClose={onClose}>
      <div className="stack">
        {entry.erased.length > 0 && <Alert type="info" showIcon message={t('erasedNote')} />}
        <Facts
          items={[
            { label: tUi('time'), value: <When at={entry.created_at} show="second" /> },
            { label: t('action'), value: <code>{entry.action}</code> },
            { label: t('actor'), value: <Actor entry={entry} /> },
            ...(customer === undefined ? [] : [{ label: t('customer'), value: customer }]),
            { label: t('kind'), value: <code>{entry.resource.kind}</code> },
            { label: t('resource'), value: <Id value={entry.resource.id} /> },
            { label: t('ip'), value: origin(entry.ip) },
            { label: t('device'), value: origin(entry.device) },
            { label: t('request'), value: <Id value={entry.request_id} /> },
            { label: t('entry'), value: <Id value={entry.id} /> },
            { label: t('position'), value: entry.position },
          ]}
        />
        <Facts
          as="wide"
          items={[
            { label: t('userAgent'), value: origin(entry.user_agent) },
            { label: t('proof'), value: <code className="value">{entry.hash}</code> },
          ]}
        />
        <h3>{t('changes')}</h3>
        <Changes entry={entry} />
      </div>
    </Drawer>
  );
}

function Changes({ entry }: { entry: AuditEntry }) {
  const t = useTranslations('audit');
  const isErased = entry.erased.includes('values');
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
      empty={<p className="soft">{isErased ? t('erased') : t('noChanges')}</p>}
    />
  );
}
