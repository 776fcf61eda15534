/** What one was told in the app, the newest first, each with the page that settles it. */
import { getRouteApi, Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { useChange } from '../../api/use-call.ts';
import { usePages } from '../../api/use-pages.ts';
import { Refused, renderFailure } from '../../features/errors/Failure.tsx';
import { ButtonLink } from '../../features/navigation/ButtonLink.tsx';
import { usePreferences } from '../../features/preferences/PreferencesProvider.tsx';
import { WithWords } from '../../features/words/WithWords.tsx';
import { noticeWords } from '../../i18n/messages.ts';
import { paths } from '../../paths.ts';
import { ChoiceFilter } from '../../ui/ChoiceFilter.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Status } from '../../ui/Status.tsx';
import { When } from '../../ui/When.tsx';

type Notice = Answer<'listNotices'>['data'][number];

const route = getRouteApi('/portal/notices');
const refreshes = ['listNotices', 'countNotices'] as const;

export function NoticesPage() {
  return (
    <WithWords words={noticeWords}>
      <Notices />
    </WithWords>
  );
}

function Notices() {
  const t = useTranslations('notices');
  const { language } = usePreferences();
  const { show } = route.useSearch();
  const navigate = route.useNavigate();
  const isUnread = show === 'unread';
  const list = usePages('listNotices', {
    query: { locale: language, ...(isUnread && { unread: 'true' as const }) },
  });
  const readAll = useChange('readNotices', { refreshes });
  const columns = useColumns();
  return (
    <div className="page">
      <PageHeader
        title={t('title')}
        note={t('note')}
        actions={
          <>
            <ButtonLink to={paths.organization} search={{ tab: 'notifications' }}>
              {t('settings')}
            </ButtonLink>
            <Button loading={readAll.isPending} onClick={() => readAll.mutate({})}>
              {t('readAll')}
            </Button>
          </>
        }
      />
      <Panel>
        <ChoiceFilter
          label={t('show')}
          any={t('all')}
          value={isUnread ? 'unread' : undefined}
          options={[{ value: 'unread', label: t('unread') }]}
          onChange={(next) => void navigate({ search: { show: next }, replace: true })}
        />
        <Refused error={readAll.error} />
        <DataTable
          label={t('title')}
          list={list}
          columns={columns}
          rowKey={({ id }) => id}
          renderError={renderFailure}
          empty={
            <EmptyState title={t(isUnread ? 'noneUnread' : 'none')}>
              {t(isUnread ? 'noneUnreadNote' : 'noneNote')}
            </EmptyState>
          }
        />
      </Panel>
    </div>
  );
}

function useColumns(): Column<Notice>[] {
  const t = useTranslations('notices');
  return [
    { title: t('what'), cell: (notice) => <What notice={notice} /> },
    { title: t('when'), cell: ({ occurred_at }) => <When at={occurred_at} /> },
    { title: t('open'), isActions: true, cell: (notice) => <Actions notice={notice} /> },
  ];
}

function What({ notice }: { notice: Notice }) {
  const t = useTranslations('notices');
  const { title, text, read } = notice;
  return (
    <div>
      <strong>{title}</strong> {!read && <Status tone="active">{t('new')}</Status>}
      <div className="soft">{text}</div>
    </div>
  );
}

/** Opening it is reading it. */
function Actions({ notice }: { notice: Notice }) {
  const t = useTranslations('notices');
  const { id, read, path, title } = notice;
  const mark = useChange('readNotice', { refreshes });
  const markOnce = () => {
    if (!read) mark.mutate({ params: { id } });
  };
  return (
    <div className="actions">
      {!read && (
        <Button
          type="text"
          size="small"
          loading={mark.isPending}
          aria-label={`${t('read')}: ${title}`}
          onClick={markOnce}
        >
          {t('read')}
        </Button>
      )}
      <Link {...leadTo(path)} aria-label={`${t('open')}: ${title}`} onClick={markOnce}>
        {t('open')}
      </Link>
    </div>
  );
}

/** The server names pages of this app; what follows the question mark is their search. */
function leadTo(path: string): { to: string; search: Record<string, string> } {
  const [to = '/', query = ''] = path.split('?');
  return { to, search: Object.fromEntries(new URLSearchParams(query)) };
}
