/** What support the customer lets in, and the way in. */
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { chooseOrganization } from '../../api/acting-organization.ts';
import type { Answer } from '../../api/call.ts';
import { useChange } from '../../api/use-call.ts';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { sessionQuery } from '../../features/session/session.ts';
import { paths } from '../../paths.ts';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { settledList } from '../../ui/pages.ts';
import { When } from '../../ui/When.tsx';
import { ReasonQuestion } from '../forms/ReasonQuestion.tsx';
import type { OfOrganization } from './terms.ts';

type Access = Answer<'inspectSupportAccesses'>['data'][number];
type Visit = Access['sessions'][number];

export function SupportPanel({ organization }: OfOrganization) {
  const t = useTranslations('console.support');
  const accesses = usePages('inspectSupportAccesses', { params: { id: organization.id } });
  const active = accesses.rows?.find(({ status }) => status === 'active');
  const own = active?.sessions.find((visit) => visit.own && visit.live);
  const visits = accesses.rows?.flatMap(({ sessions }) => sessions);
  const columns = useColumns();
  return (
    <Panel title={t('title')}>
      {accesses.error && renderFailure(accesses.error, accesses.retry)}
      {accesses.rows && !active && <p className="soft">{t('none')}</p>}
      {active && <Allowed access={active} />}
      {active && (own ? <Acting visit={own} /> : <Begin organization={organization} />)}
      {visits && (
        <DataTable
          label={t('history')}
          list={settledList(visits)}
          columns={columns}
          rowKey={({ id }) => id}
          renderError={renderFailure}
          empty={<p className="soft">{t('noHistory')}</p>}
        />
      )}
    </Panel>
  );
}

function Allowed({ access }: { access: Access }) {
  const t = useTranslations('console.support');
  return (
    <p>
      {t.rich('allowed', { scope: access.scope, when: () => <When at={access.expires_at} /> })}
      {access.note && <> “{access.note}”</>}
    </p>
  );
}

function Begin({ organization }: OfOrganization) {
  const t = useTranslations('console.support');
  const [isAsking, setAsking] = useState(false);
  const goTo = useGoToPortal();
  const begin = useChange('openSupportSession', {
    refreshes: ['inspectSupportAccesses'],
    onDone: ({ organization: id }) => void goTo(id),
  });
  return (
    <div className="actions">
      <AllowedButton operation="openSupportSession" type="primary" onClick={() => setAsking(true)}>
        {t('begin')}
      </AllowedButton>
      {isAsking && (
        <ReasonQuestion
          title={t('beginTitle', { name: organization.name })}
          content={t('beginNote')}
          okText={t('begin')}
          error={begin.error}
          isPending={begin.isPending}
          onAnswer={(reason) => begin.mutate({ params: { id: organization.id }, body: { reason } })}
          onClose={() => setAsking(false)}
        />
      )}
    </div>
  );
}

function Acting({ visit }: { visit: Visit }) {
  const t = useTranslations('console.support');
  const goTo = useGoToPortal();
  const end = useChange('endSupportSession', { refreshes: ['inspectSupportAccesses', 'getMe'] });
  return (
    <>
      <p>{t.rich('live', { when: () => <When at={visit.ends_at} /> })}</p>
      <div className="actions">
        <Button type="primary" onClick={() => void goTo(visit.organization)}>
          {t('goOn')}
        </Button>
        <Button
          loading={end.isPending}
          onClick={() => end.mutate({ params: { id: visit.organization } })}
        >
          {t('end')}
        </Button>
      </div>
    </>
  );
}

/** The portal, acting in the customer's organization: what was read of one's own is forgotten. */
function useGoToPortal(): (organization: string) => Promise<void> {
  const client = useQueryClient();
  const navigate = useNavigate();
  return async (organization) => {
    // Who one is comes first: only an organization among one's own can be chosen.
    await client.invalidateQueries({ queryKey: sessionQuery.queryKey });
    chooseOrganization(organization);
    await navigate({ to: paths.dashboard });
    await client.resetQueries({ predicate: ({ queryKey: [name] }) => name !== 'getMe' });
  };
}

function useColumns(): Column<Visit>[] {
  const t = useTranslations('console.support');
  return [
    { title: t('operator'), cell: ({ operator }) => operator.name },
    { title: t('why'), cell: ({ reason }) => reason },
    { title: t('began'), cell: ({ started_at }) => <When at={started_at} /> },
    { title: t('ended'), cell: ({ ends_at }) => <When at={ends_at} /> },
  ];
}
