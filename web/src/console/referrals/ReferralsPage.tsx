/** Who invited whom, and the rules by which credit is earned. */
import { getRouteApi } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { ReferralState } from '../../features/referrals/ReferralState.tsx';
import { Amount, useAmountText } from '../../ui/Amount.tsx';
import { ChoiceFilter } from '../../ui/ChoiceFilter.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { TabPanels } from '../../ui/TabPanels.tsx';
import { When } from '../../ui/When.tsx';
import { NoMatch } from '../filters/NoMatch.tsx';
import { OrganizationFilter } from '../organizations/OrganizationFilter.tsx';
import { OrganizationLink } from '../organizations/OrganizationLink.tsx';
import { CommissionsTab } from './CommissionsTab.tsx';
import { ReferralRules } from './ReferralRules.tsx';
import { ResellersTab } from './ResellersTab.tsx';

const route = getRouteApi('/console/admin/referrals');
const states = ['pending', 'earned', 'refused', 'clawed_back'] as const;
const tabs = ['list', 'resellers', 'commissions', 'rules'] as const;

type Referral = Answer<'searchReferrals'>['data'][number];

export function ReferralsPage() {
  const t = useTranslations('console.referrals');
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const active = tabs.find((tab) => tab === search.tab) ?? 'list';
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')} />
      <TabPanels
        label={t('tabsLabel')}
        active={active}
        onChange={(tab) => void navigate({ search: { tab }, replace: true })}
        tabs={[
          { key: 'list', label: t('tabs.list'), panel: <ListTab /> },
          { key: 'resellers', label: t('tabs.resellers'), panel: <ResellersTab /> },
          { key: 'commissions', label: t('tabs.commissions'), panel: <CommissionsTab /> },
          { key: 'rules', label: t('tabs.rules'), panel: <ReferralRules /> },
        ]}
      />
    </div>
  );
}

function ListTab() {
  const t = useTranslations('console.referrals');
  const tGrowth = useTranslations('growth');
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const set = (change: { state?: string; organization?: string }) =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true });
  const state = states.find((known) => known === search.state);
  const { organization } = search;
  const referrals = usePages('searchReferrals', {
    query: { ...(state && { state }), ...(organization && { organization }) },
  });
  return (
    <Panel>
      <div className="actions">
        <ChoiceFilter
          label={t('state')}
          any={t('anyState')}
          value={state}
          options={states.map((value) => ({ value, label: tGrowth(`states.${value}`) }))}
          onChange={(value) => set({ state: value })}
        />
        <OrganizationFilter value={organization} onChange={(id) => set({ organization: id })} />
      </div>
      <DataTable
        label={t('title')}
        list={referrals}
        columns={useColumns()}
        rowKey={({ id }) => id}
        renderError={renderFailure}
        empty={
          state || organization ? (
            <NoMatch onClear={() => set({ state: '', organization: '' })} />
          ) : (
            <EmptyState title={t('none')}>{t('noneNote')}</EmptyState>
          )
        }
      />
    </Panel>
  );
}

function useColumns(): Column<Referral>[] {
  const t = useTranslations('console.referrals');
  const tGrowth = useTranslations('growth');
  return [
    { title: tGrowth('signedUp'), cell: ({ signed_up_at }) => <When at={signed_up_at} /> },
    { title: t('inviter'), cell: ({ inviter }) => <OrganizationLink id={inviter} /> },
    { title: t('invited'), cell: ({ invited }) => <OrganizationLink id={invited} /> },
    {
      title: tGrowth('paid'),
      align: 'end',
      cell: ({ paid, currency }) => <Amount value={paid} currency={currency} />,
    },
    { title: t('state'), cell: (referral) => <ReferralState referral={referral} /> },
    { title: t('credit'), align: 'end', cell: (referral) => <Credit referral={referral} /> },
  ];
}

function Credit({ referral: { inviter_reward, invited_reward } }: { referral: Referral }) {
  const t = useTranslations('console.referrals');
  const tGrowth = useTranslations('growth');
  const text = useAmountText();
  if (!inviter_reward || !invited_reward) return '–';
  const taken = [inviter_reward, invited_reward].filter(({ taken_back }) => Number(taken_back) > 0);
  return (
    <span className="twofold">
      {t('creditOf', {
        inviter: text(inviter_reward.amount, inviter_reward.currency),
        invited: text(invited_reward.amount, invited_reward.currency),
      })}
      {taken.length > 0 && (
        <small>
          {taken
            .map(({ taken_back, currency }) =>
              tGrowth('takenBack', { amount: text(taken_back, currency) }),
            )
            .join(', ')}
        </small>
      )}
    </span>
  );
}
