import { Suspense, use } from 'react';
import { IntlProvider, useTranslations } from 'use-intl';
import '../console/console.css';
import { ButtonLink } from '../features/navigation/ButtonLink.tsx';
import { usePreferences } from '../features/preferences/PreferencesProvider.tsx';
import { useSession } from '../features/session/session.ts';
import { consoleMessages } from '../i18n/messages.ts';
import { paths } from '../paths.ts';
import { EmptyState } from '../ui/EmptyState.tsx';
import { Brand } from './Brand.tsx';
import { useConsoleGroups } from './console-groups.tsx';
import { Shell } from './Shell.tsx';

export function ConsoleLayout() {
  const { platformPermissions } = useSession();
  if (platformPermissions.length === 0) return <ForOperatorsOnly />;
  return (
    <Suspense fallback={null}>
      <Worded />
    </Suspense>
  );
}

/** The console's own words are loaded with it, and spare everybody else the load. */
function Worded() {
  const { language } = usePreferences();
  return (
    <IntlProvider locale={language} messages={use(consoleMessages(language))}>
      <Frame />
    </IntlProvider>
  );
}

function Frame() {
  const t = useTranslations();
  return (
    <Shell
      house="console"
      label={t('layout.consoleNav')}
      brand={
        <Brand to={paths.console}>
          <small>{t('layout.consoleNav')}</small>
        </Brand>
      }
      groups={useConsoleGroups()}
    />
  );
}

function ForOperatorsOnly() {
  const t = useTranslations('layout');
  return (
    <main className="centered">
      <EmptyState
        title={t('forbiddenTitle')}
        action={<ButtonLink to={paths.dashboard}>{t('toPortal')}</ButtonLink>}
      >
        {t('forbiddenNote')}
      </EmptyState>
    </main>
  );
}
