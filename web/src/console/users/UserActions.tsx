/** What an operator can do about a person; each is asked for a reason that the audit log keeps. */
import { useNavigate } from '@tanstack/react-router';
import { App } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useChange } from '../../api/use-call.ts';
import { useErrorText } from '../../features/errors/error-text.ts';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { paths } from '../../paths.ts';
import { ReasonQuestion } from '../forms/ReasonQuestion.tsx';
import type { InspectedUser } from './UserPage.tsx';

const refreshes = ['inspectUser', 'searchUsers'] as const;
type Asked = 'status' | 'sessions' | 'factor' | 'delete';

export function UserActions({ user }: { user: InspectedUser }) {
  const t = useTranslations('console.user');
  const [asked, setAsked] = useState<Asked>();
  const isSuspended = user.status === 'suspended';
  return (
    <>
      {!user.email_verified && <ResendButton user={user} />}
      <AllowedButton
        operation="resetSecondFactor"
        blockedBecause={user.second_factor ? undefined : t('noSecondFactor')}
        onClick={() => setAsked('factor')}
      >
        {t('reset')}
      </AllowedButton>
      <AllowedButton
        operation="endUserSessions"
        blockedBecause={user.sessions.length > 0 ? undefined : t('noSessions')}
        onClick={() => setAsked('sessions')}
      >
        {t('endSessions')}
      </AllowedButton>
      <AllowedButton
        operation="setUserStatus"
        danger={!isSuspended}
        onClick={() => setAsked('status')}
      >
        {t(isSuspended ? 'lift' : 'suspend')}
      </AllowedButton>
      <AllowedButton operation="deleteUser" danger onClick={() => setAsked('delete')}>
        {t('delete')}
      </AllowedButton>
      {asked && <Question user={user} asked={asked} onClose={() => setAsked(undefined)} />}
    </>
  );
}

function ResendButton({ user }: { user: InspectedUser }) {
  const t = useTranslations('console.user');
  const { message } = App.useApp();
  const errorText = useErrorText();
  const resend = useChange('resendVerification', {
    onDone: () => void message.success(t('resent')),
  });
  return (
    <AllowedButton
      operation="resendVerification"
      loading={resend.isPending}
      onClick={() =>
        resend.mutate(
          { params: { id: user.id } },
          { onError: (error) => void message.error(errorText(error)) },
        )
      }
    >
      {t('resend')}
    </AllowedButton>
  );
}

interface QuestionProps {
  user: InspectedUser;
  asked: Asked;
  onClose: () => void;
}

function Question({ user, asked, onClose }: QuestionProps) {
  const t = useTranslations('console.user');
  const { message } = App.useApp();
  const name = user.name ?? user.username ?? user.email;
  const params = { id: user.id };
  const done = (text?: string) => {
    if (text) void message.success(text);
    onClose();
  };
  const status = useChange('setUserStatus', { refreshes, onDone: () => done() });
  const sessions = useChange('endUserSessions', {
    refreshes,
    onDone: ({ ended }) => done(t('ended', { count: ended })),
  });
  const factor = useChange('resetSecondFactor', {
    refreshes,
    onDone: () => done(t('resetDone')),
  });
  const navigate = useNavigate();
  const remove = useChange('deleteUser', {
    refreshes: ['searchUsers'],
    onDone: () => {
      void message.success(t('deleted'));
      void navigate({ to: paths.consoleUsers });
    },
  });
  const isSuspended = user.status === 'suspended';
  const questions = {
    status: {
      title: t(isSuspended ? 'liftTitle' : 'suspendTitle', { name }),
      content: t(isSuspended ? 'liftNote' : 'suspendNote'),
      okText: t(isSuspended ? 'lift' : 'suspend'),
      change: status,
      answer: (reason: string) =>
        status.mutate({ params, body: { status: isSuspended ? 'active' : 'suspended', reason } }),
    },
    sessions: {
      title: t('endSessionsTitle', { name }),
      content: t('endSessionsNote'),
      okText: t('endSessions'),
      change: sessions,
      answer: (reason: string) => sessions.mutate({ params, body: { reason } }),
    },
    factor: {
      title: t('resetTitle', { name }),
      content: t('resetNote'),
      okText: t('reset'),
      change: factor,
      answer: (reason: string) => factor.mutate({ params, body: { reason } }),
    },
    delete: {
      title: t('deleteTitle', { name }),
      content: t('deleteNote'),
      okText: t('delete'),
      change: remove,
      answer: (reason: string) => remove.mutate({ params, body: { reason } }),
    },
  };
  const { title, content, okText, change, answer } = questions[asked];
  return (
    <ReasonQuestion
      title={title}
      content={content}
      okText={okText}
      error={change.error}
      isPending={change.isPending}
      onAnswer={answer}
      onClose={onClose}
    />
  );
}
