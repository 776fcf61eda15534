import { Button } from 'antd';
import { useTranslations } from 'use-intl';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Status } from '../../ui/Status.tsx';
import { When } from '../../ui/When.tsx';
import { concernsOf } from './health.ts';
import type { Provider } from './ProviderPanel.tsx';

interface OverviewPanelProps {
  providers: Provider[];
  chosen: string;
  onChoose: (provider: string) => void;
}

/** All of them at a glance; the chosen one is spread out below. */
export function OverviewPanel({ providers, chosen, onChoose }: OverviewPanelProps) {
  const t = useTranslations('console.providers');
  const tUi = useTranslations('ui');
  const columns: Column<Provider>[] = [
    { title: t('provider'), cell: ({ name }) => name },
    {
      title: tUi('status'),
      cell: ({ enabled }) => (
        <Status tone={enabled ? 'good' : 'quiet'}>{t(enabled ? 'on' : 'off')}</Status>
      ),
    },
    { title: t('health'), cell: (provider) => <Health provider={provider} /> },
    { title: t('lastCall'), cell: ({ health }) => <Last at={health.calls.succeeded_at} /> },
    {
      title: t('lastNotification'),
      cell: ({ health }) => <Last at={health.notifications.succeeded_at} />,
    },
    {
      title: tUi('actions'),
      isActions: true,
      cell: ({ provider, name }) => (
        <Button
          size="small"
          type={provider === chosen ? 'primary' : 'default'}
          aria-pressed={provider === chosen}
          aria-label={t('showNamed', { name })}
          onClick={() => onChoose(provider)}
        >
          {t('show')}
        </Button>
      ),
    },
  ];
  return (
    <Panel>
      <DataTable
        label={t('title')}
        list={allOf(providers)}
        columns={columns}
        rowKey={({ provider }) => provider}
        renderError={renderFailure}
        empty={null}
      />
    </Panel>
  );
}

function Health({ provider }: { provider: Provider }) {
  const t = useTranslations('console.providers');
  const concerns = concernsOf(provider.health);
  const [first] = concerns;
  if (first) return <Status tone="bad">{t(`concerns.${first}`)}</Status>;
  const isQuiet = provider.health.calls.succeeded_at === null;
  return <Status tone={isQuiet ? 'quiet' : 'good'}>{t(isQuiet ? 'neverAsked' : 'healthy')}</Status>;
}

export function Last({ at }: { at: string | null }) {
  const t = useTranslations('console.providers');
  return at === null ? <span className="soft">{t('never')}</span> : <When at={at} />;
}

/** A list that is all there, in the shape that tables draw. */
function allOf<T>(rows: T[]) {
  const nothing = () => {};
  return {
    ...{ rows, error: null, hasMore: false, isLoadingMore: false },
    ...{ loadMore: nothing, retry: nothing },
  };
}
