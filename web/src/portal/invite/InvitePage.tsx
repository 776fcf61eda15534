/** The organization's link, the rules in words, and who came by it. */
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { reading } from '../../api/use-call.ts';
import { usePages } from '../../api/use-pages.ts';
import { Failure, renderFailure } from '../../features/errors/Failure.tsx';
import { ReferralState } from '../../features/referrals/ReferralState.tsx';
import { WithWords } from '../../features/words/WithWords.tsx';
import { growthWords } from '../../i18n/messages.ts';
import { Amount, useAmountText } from '../../ui/Amount.tsx';
import { CodeBlock } from '../../ui/CodeBlock.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { When } from '../../ui/When.tsx';
import { ResalePanels } from './ResalePanels.tsx';

type Invite = Answer<'getInvite'>;
type Referral = Answer<'listReferrals'>['data'][number];

export function InvitePage() {
  return (
    <WithWords words={growthWords}>
      <Invitations />
    </WithWords>
  );
}

function Invitations() {
  const t = useTranslations('growth');
  const invite = useQuery(reading('getInvite'));
  const referrals = usePages('listReferrals', {});
  const columns = useColumns();
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')} />
      {invite.data ? (
        <InvitePanels invite={invite.data} />
      ) : invite.error ? (
        <Failure error={invite.error} onRetry={() => void invite.refetch()} />
      ) : (
        <Loading rows={8} />
      )}
      <ResalePanels />
      <Panel title={t('whoTitle')}>
        <DataTable
          label={t('whoTitle')}
          list={referrals}
          columns={columns}
          rowKey={({ id }) => id}
          renderError={renderFailure}
          empty={<EmptyState title={t('none')}>{t('noneNote')}</EmptyState>}
        />
      </Panel>
    </div>
  );
}

function InvitePanels({ invite }: { invite: Invite }) {
  const t = useTranslations('growth');
  const { code, link, terms, earned, pending, earned_this_month: thisMonth } = invite;
  return (
    <>
      <Panel title={t('yours')}>
        <div className="stack">
          {!terms.enabled && <EmptyState title={t('off')}>{t('offNote')}</EmptyState>}
          <CodeBlock code={link} copyLabel={t('copyLink')} />
          <Facts
            as="figures"
            items={[
              { label: t('code'), value: <code>{code}</code> },
              { label: t('earned'), value: <Amount value={earned} currency={terms.currency} /> },
              { label: t('pending'), value: pending },
              {
                label: t('thisMonth'),
                value: t('ofMax', { count: String(thisMonth), max: String(terms.monthly_max) }),
              },
            ]}
          />
        </div>
      </Panel>
      {terms.enabled && <TermsPanel terms={terms} />}
    </>
  );
}

function TermsPanel({ terms }: { terms: Invite['terms'] }) {
  const t = useTranslations('growth');
  const amount = useAmountText();
  const text = (value: string) => amount(value, terms.currency);
  return (
    <Panel title={t('howTitle')}>
      <ol>
        <li>
          {t('how.pay', { amount: text(terms.required_payments), days: terms.pay_within_days })}
        </li>
        <li>{t('how.wait', { days: terms.waiting_days })}</li>
        <li>
          {t('how.reward', {
            inviter: text(terms.inviter_reward),
            invited: text(terms.invited_reward),
            days: terms.expires_after_days,
          })}
        </li>
        <li>{t('how.cap', { count: terms.monthly_max })}</li>
      </ol>
      <p>{t('how.not')}</p>
      <p>{t('how.back')}</p>
    </Panel>
  );
}

function useColumns(): Column<Referral>[] {
  const t = useTranslations('growth');
  return [
    { title: t('who'), cell: ({ who }) => who },
    { title: t('signedUp'), cell: ({ signed_up_at }) => <When at={signed_up_at} show="day" /> },
    {
      title: t('paid'),
      align: 'end',
      cell: ({ paid, currency }) => <Amount value={paid} currency={currency} />,
    },
    { title: t('state'), cell: (referral) => <ReferralState referral={referral} /> },
    { title: t('reward'), align: 'end', cell: ({ reward }) => <RewardText reward={reward} /> },
  ];
}

function RewardText({ reward }: { reward: Referral['reward'] }) {
  const t = useTranslations('growth');
  const text = useAmountText();
  if (!reward) return '–';
  const { amount, taken_back: takenBack, currency } = reward;
  return (
    <div>
      <div>
        <Amount value={amount} currency={currency} />
      </div>
      {Number(takenBack) > 0 && (
        <small>{t('takenBack', { amount: text(takenBack, currency) })}</small>
      )}
    </div>
  );
}
