import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { useRefusalOf } from '../../features/session/allowed.ts';
import { useSession } from '../../features/session/session.ts';
import { WithWords } from '../../features/words/WithWords.tsx';
import { teamWords } from '../../i18n/messages.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { TabPanels } from '../../ui/TabPanels.tsx';
import { InvitationsPanel } from './InvitationsPanel.tsx';
import { InviteMember } from './InviteMember.tsx';
import { MembersPanel } from './MembersPanel.tsx';
import { RolesPanel } from './RolesPanel.tsx';

const route = getRouteApi('/portal/members');
const tabs = ['members', 'invitations', 'roles'] as const;
type Tab = (typeof tabs)[number];

export function MembersPage() {
  return (
    <WithWords words={teamWords}>
      <Members />
    </WithWords>
  );
}

function Members() {
  const t = useTranslations('teams.members');
  const tInvitations = useTranslations('teams.invitations');
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { organization } = useSession();
  const refusal = useRefusalOf()('listMembers');
  const [isInviting, setInviting] = useState(false);
  const active = tabs.find((tab) => tab === search.tab) ?? 'members';
  if (!organization) return null;
  const { id } = organization;
  const show = (tab: Tab) => void navigate({ search: { tab }, replace: true });
  const panels = {
    members: <MembersPanel organizationId={id} />,
    invitations: <InvitationsPanel organizationId={id} />,
    roles: <RolesPanel organizationId={id} />,
  };
  const invite = (
    <AllowedButton operation="createInvitation" type="primary" onClick={() => setInviting(true)}>
      {tInvitations('invite')}
    </AllowedButton>
  );
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')} actions={invite} />
      {refusal ? (
        <Panel>
          <EmptyState title={t('hidden')}>{refusal}</EmptyState>
        </Panel>
      ) : (
        <TabPanels<Tab>
          label={t('title')}
          active={active}
          onChange={show}
          tabs={tabs.map((key) => ({ key, label: t(`tabs.${key}`), panel: panels[key] }))}
        />
      )}
      {isInviting && (
        <InviteMember
          organizationId={id}
          onClose={() => setInviting(false)}
          onSent={() => show('invitations')}
        />
      )}
    </div>
  );
}
