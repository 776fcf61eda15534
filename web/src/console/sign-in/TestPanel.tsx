/** Tries a directory or identity provider with its saved settings. */
import { Alert, Input } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { useChange } from '../../api/use-call.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { Facts } from '../../ui/Facts.tsx';
import type { SignInProvider } from './SignInPage.tsx';

type Report = Answer<'testSignInProvider'>;

export function TestPanel({ provider }: { provider: SignInProvider }) {
  const t = useTranslations('sso');
  const tConsole = useTranslations('sso.console');
  const [login, setLogin] = useState('');
  const test = useChange('testSignInProvider');
  const { id, name, kind } = provider;
  const body = login.trim() === '' ? {} : { login };
  return (
    <div className="stack-tight settings-form">
      <div className="actions">
        {kind === 'ldap' && (
          <Input
            aria-label={tConsole('testLogin')}
            placeholder={tConsole('testLogin')}
            value={login}
            onChange={(event) => setLogin(event.target.value)}
          />
        )}
        <AllowedButton
          operation="testSignInProvider"
          loading={test.isPending}
          aria-label={t('testNamed', { name })}
          onClick={() => test.mutate({ params: { id }, body })}
        >
          {t('test')}
        </AllowedButton>
      </div>
      <div aria-live="polite">
        <Refused error={test.error} />
        {test.data && <TestAnswer report={test.data} />}
      </div>
    </div>
  );
}

function TestAnswer({ report }: { report: Report }) {
  const t = useTranslations('sso');
  return (
    <>
      <Alert
        showIcon
        type={report.ok ? 'success' : 'error'}
        title={t(report.ok ? 'works' : 'worksNot')}
        description={report.message}
      />
      {report.person && <Found person={report.person} />}
    </>
  );
}

function Found({ person }: { person: NonNullable<Report['person']> }) {
  const t = useTranslations('sso.console');
  return (
    <Facts
      items={[
        { label: t('foundAs'), value: person.name ?? person.subject },
        { label: t('email'), value: person.email ?? '–' },
        { label: t('platformRole'), value: person.platform_role ?? t('noRole') },
        { label: t('inGroups'), value: person.groups.join(', ') || '–' },
      ]}
    />
  );
}
