import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { Amount } from '../../ui/Amount.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { When } from '../../ui/When.tsx';

type Attempt = Answer<'listChannelAttempts'>['data'][number];

const refetchIntervalMs = 10_000;

export function AttemptsPanel({ id }: { id: string }) {
  const t = useTranslations('console.channels');
  const request = { params: { id }, query: { limit: 20 } };
  const attempts = usePages('listChannelAttempts', request, { refetchIntervalMs });
  return (
    <Panel title={t('attempts')} note={t('attemptsNote')}>
      <DataTable
        label={t('attempts')}
        list={attempts}
        columns={useColumns()}
        rowKey={(attempt) => attempt.id}
        renderError={renderFailure}
        empty={<EmptyState title={t('noAttempts')}>{t('noAttemptsNote')}</EmptyState>}
      />
    </Panel>
  );
}

function useColumns(): Column<Attempt>[] {
  const t = useTranslations('console.channels');
  return [
    { title: t('when'), cell: ({ at }) => <When at={at} show="second" /> },
    {
      title: t('reason'),
      cell: ({ reason, status, request_id }) => (
        <span className="twofold">
          {t(`reasons.${reason}`)}
          {status !== null && <small>{t('status', { status: String(status) })}</small>}
          <small>
            <code>{request_id}</code>
          </small>
        </span>
      ),
    },
    { title: t('costModel'), cell: ({ model }) => <code>{model}</code> },
    {
      title: t('likelyCost'),
      align: 'end',
      cell: ({ cost, currency }) =>
        cost === null ? t('noCost') : <Amount value={cost} currency={currency} />,
    },
  ];
}
