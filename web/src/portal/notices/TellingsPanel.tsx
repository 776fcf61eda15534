import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { tellingStatuses, useTellingColumns } from '../../features/notices/telling-columns.tsx';
import { isAllowed } from '../../features/session/allowed.ts';
import { useSession } from '../../features/session/session.ts';
import { ChoiceFilter } from '../../ui/ChoiceFilter.tsx';
import { DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Panel } from '../../ui/Panel.tsx';

export function TellingsPanel({ organizationId }: { organizationId: string }) {
  const t = useTranslations('notices.tellings');
  const [status, setStatus] = useState<(typeof tellingStatuses)[number]>();
  const tellings = usePages('listNoticeTellings', {
    query: { limit: 20, ...(status && { status }) },
  });
  const columns = useTellingColumns(useMembers(organizationId));
  return (
    <Panel title={t('title')} note={t('note')}>
      <ChoiceFilter
        label={t('only')}
        any={t('any')}
        value={status}
        options={tellingStatuses.map((value) => ({ value, label: t(`statuses.${value}`) }))}
        onChange={(chosen) => setStatus(tellingStatuses.find((each) => each === chosen))}
      />
      <DataTable
        label={t('title')}
        list={tellings}
        columns={columns}
        rowKey={({ id }) => id}
        renderError={renderFailure}
        empty={<EmptyState title={t('none')}>{t('noneNote')}</EmptyState>}
      />
    </Panel>
  );
}

function useMembers(organizationId: string): (userId: string) => string | undefined {
  const session = useSession();
  const members = usePages(
    'listMembers',
    { params: { id: organizationId }, query: { limit: 200 } },
    { enabled: isAllowed('listMembers', session) },
  );
  return (userId) => {
    const member = members.rows?.find(({ id }) => id === userId);
    return member?.name ?? member?.email;
  };
}
