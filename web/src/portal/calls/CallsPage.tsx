import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Button } from 'antd';
import { useTimeZone, useTranslations } from 'use-intl';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { ButtonLink } from '../../features/navigation/ButtonLink.tsx';
import { CallFilters } from '../../features/receipt/CallFilters.tsx';
import { type CallSearch, callQuery, isFiltered } from '../../features/receipt/call-query.ts';
import { useReceiptColumns } from '../../features/receipt/columns.tsx';
import { ReceiptFiles } from '../../features/receipt/ReceiptFiles.tsx';
import { isAllowed } from '../../features/session/allowed.ts';
import { useSession } from '../../features/session/session.ts';
import { WithWords } from '../../features/words/WithWords.tsx';
import { receiptWords } from '../../i18n/messages.ts';
import { paths } from '../../paths.ts';
import { ChoiceFilter } from '../../ui/ChoiceFilter.tsx';
import { DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';

const route = getRouteApi('/portal/calls');
/** Calls appear while one looks. */
const refetchIntervalMs = 5_000;

export function CallsPage() {
  return (
    <WithWords words={receiptWords}>
      <Calls />
    </WithWords>
  );
}

function Calls() {
  const t = useTranslations('calls');
  const timeZone = useTimeZone() ?? 'UTC';
  const search = route.useSearch();
  const query = callQuery(timeZone, search);
  const calls = usePages('listReceipts', { query }, { refetchIntervalMs });
  const columns = useReceiptColumns(paths.call);
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')} actions={<ReceiptFiles query={query} />} />
      <Panel>
        <Filters />
        <DataTable
          label={t('title')}
          list={calls}
          columns={columns}
          rowKey={(receipt) => receipt.request_id}
          renderError={renderFailure}
          empty={<NoCalls isFiltered={isFiltered(search)} />}
        />
      </Panel>
    </div>
  );
}

function Filters() {
  const t = useTranslations('calls');
  const search = route.useSearch();
  const navigate = useNavigate();
  const keys = usePages('listApiKeys', { query: { limit: 200 } });
  const showsOthers = isAllowed('listSpendCaps', useSession());
  const set = (change: CallSearch) =>
    void navigate({ to: paths.calls, search: { ...search, ...change }, replace: true });
  return (
    <div className="actions">
      <ChoiceFilter
        label={t('key')}
        any={t('anyKey')}
        value={search.key}
        options={keys.rows?.map(({ id, name }) => ({ value: id, label: name })) ?? []}
        onChange={(key) => set({ key })}
      />
      {showsOthers && <WhoseFilters search={search} onChange={set} />}
      <CallFilters search={search} onChange={set} />
    </div>
  );
}

/** For who may see what others used. */
function WhoseFilters({
  search,
  onChange,
}: {
  search: CallSearch;
  onChange: (change: CallSearch) => void;
}) {
  const t = useTranslations('calls');
  const { organization } = useSession();
  const ofOrganization = { params: { id: organization?.id ?? '' } };
  const members = usePages('listMembers', ofOrganization);
  const centers = usePages('listCostCenters', ofOrganization);
  return (
    <>
      <ChoiceFilter
        label={t('member')}
        any={t('anyMember')}
        value={search.member}
        options={[
          ...(members.rows ?? []).map(({ id, name, email }) => ({
            value: id,
            label: name ?? email,
          })),
          { value: 'none', label: t('noMember') },
        ]}
        onChange={(member) => onChange({ member })}
      />
      {(centers.rows?.length ?? 0) > 0 && (
        <ChoiceFilter
          label={t('costCenter')}
          any={t('anyCostCenter')}
          value={search.cost_center}
          options={[
            ...(centers.rows ?? []).map(({ id, name }) => ({ value: id, label: name })),
            { value: 'none', label: t('noCostCenter') },
          ]}
          onChange={(cost_center) => onChange({ cost_center })}
        />
      )}
    </>
  );
}

function NoCalls({ isFiltered }: { isFiltered: boolean }) {
  const t = useTranslations('calls');
  const navigate = useNavigate();
  if (isFiltered) {
    const clear = () => void navigate({ to: paths.calls, search: {} });
    return (
      <EmptyState title={t('noneFiltered')} action={<Button onClick={clear}>{t('clear')}</Button>}>
        {t('noneFilteredNote')}
      </EmptyState>
    );
  }
  return (
    <EmptyState title={t('none')} action={<ButtonLink to={paths.keys}>{t('toKeys')}</ButtonLink>}>
      {t('noneNote')}
    </EmptyState>
  );
}
