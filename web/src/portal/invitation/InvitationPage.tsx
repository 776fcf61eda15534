import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { Button } from 'antd';
import { useTranslations } from 'use-intl';
import { chooseOrganization } from '../../api/acting-organization.ts';
import { ApiError } from '../../api/api-error.ts';
import { type Answer, call } from '../../api/call.ts';
import { useChange } from '../../api/use-call.ts';
import { Failure, Refused } from '../../features/errors/Failure.tsx';
import { useRoleName } from '../../features/session/role-name.ts';
import { askForSession, useVisitor } from '../../features/session/session.ts';
import { useSignOut } from '../../features/session/sign-out.ts';
import { WithWords } from '../../features/words/WithWords.tsx';
import { teamWords } from '../../i18n/messages.ts';
import { paths } from '../../paths.ts';
import { Loading } from '../../ui/Loading.tsx';
import { AuthPanel } from '../auth/AuthPanel.tsx';
import { JoinAnew } from './JoinAnew.tsx';

export type Invitation = Answer<'openInvitation'>;

const route = getRouteApi('/open/auth/invitation');

export function InvitationPage() {
  return (
    <WithWords words={teamWords}>
      <Opened />
    </WithWords>
  );
}

function Opened() {
  const t = useTranslations('teams.invitation');
  const { token = '' } = route.useSearch();
  const client = useQueryClient();
  const visitor = useQuery({
    queryKey: ['visitor of an invitation'],
    queryFn: () => askForSession(client),
  });
  const invitation = useQuery({
    queryKey: ['openInvitation', token],
    queryFn: () => call('openInvitation', { body: { token } }),
    retry: false,
  });
  if (invitation.error) {
    const isGone = invitation.error instanceof ApiError && invitation.error.code === 'link_invalid';
    if (!isGone) {
      return <Failure error={invitation.error} onRetry={() => void invitation.refetch()} />;
    }
    return (
      <AuthPanel title={t('gone')}>
        <p>{t('goneNote')}</p>
      </AuthPanel>
    );
  }
  if (!invitation.data || visitor.isPending) return <Loading rows={4} />;
  return <Invited invitation={invitation.data} token={token} />;
}

interface InvitedProps {
  invitation: Invitation;
  token: string;
}

function Invited({ invitation, token }: InvitedProps) {
  const t = useTranslations('teams.invitation');
  const roleName = useRoleName();
  const visitor = useVisitor();
  const names = {
    organization: invitation.organization.name,
    role: roleName(invitation),
  };
  const { invited_by: inviter } = invitation;
  return (
    <AuthPanel title={t('title')}>
      <p>{inviter ? t('who', { ...names, inviter }) : t('whoUnknown', names)}</p>
      <p>{t('sentTo', { email: invitation.email })}</p>
      {!visitor && <JoinAnew invitation={invitation} token={token} />}
      {visitor?.user.email === invitation.email && <Accept invitation={invitation} token={token} />}
      {visitor && visitor.user.email !== invitation.email && (
        <OtherAccount email={visitor.user.email} />
      )}
    </AuthPanel>
  );
}

function Accept({ invitation, token }: InvitedProps) {
  const t = useTranslations('teams.invitation');
  const client = useQueryClient();
  const navigate = useNavigate();
  const accept = useChange('acceptInvitation', {
    onDone: async ({ id }) => {
      await askForSession(client);
      chooseOrganization(id);
      await navigate({ to: paths.dashboard });
    },
  });
  return (
    <>
      <Refused error={accept.error} />
      <Button
        type="primary"
        block
        loading={accept.isPending}
        onClick={() => accept.mutate({ body: { token } })}
      >
        {t('accept', { organization: invitation.organization.name })}
      </Button>
    </>
  );
}

function OtherAccount({ email }: { email: string }) {
  const t = useTranslations('teams.invitation');
  const signOut = useSignOut();
  return (
    <>
      <p>{t('otherAccount', { email })}</p>
      <div className="actions">
        <Button onClick={() => void signOut()}>{t('signOut')}</Button>
        <Link to={paths.dashboard}>{t('go')}</Link>
      </div>
    </>
  );
}
