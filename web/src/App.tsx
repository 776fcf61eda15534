import { type QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { App as AntApp, ConfigProvider } from 'antd';
import { Suspense, use } from 'react';
import { IntlProvider } from 'use-intl';
import { useClockOffset } from './features/deployment/deployment.ts';
import {
  PreferencesProvider,
  usePreferences,
} from './features/preferences/PreferencesProvider.tsx';
import { useVisitor } from './features/session/session.ts';
import { languagePack } from './i18n/messages.ts';
import type { AppRouter } from './routes.tsx';
import { ClockOffsetContext } from './ui/clock.ts';
import { antThemeOf } from './ui/theme.ts';

interface AppProps {
  queryClient: QueryClient;
  router: AppRouter;
}

export function App({ queryClient, router }: AppProps) {
  return (
    <QueryClientProvider client={queryClient}>
      <PreferencesProvider>
        <Suspense fallback={null}>
          <Localized router={router} />
        </Suspense>
      </PreferencesProvider>
    </QueryClientProvider>
  );
}

function Localized({ router }: { router: AppRouter }) {
  const { language, scheme } = usePreferences();
  const { messages, ant } = use(languagePack(language));
  const timeZone = useVisitor()?.organization?.time_zone ?? browserTimeZone;
  const clockOffset = useClockOffset();
  return (
    <IntlProvider locale={language} messages={messages} timeZone={timeZone}>
      <ConfigProvider
        locale={ant}
        theme={antThemeOf(scheme)}
        button={{ autoInsertSpace: false }}
        wave={{ disabled: true }}
        form={{ requiredMark: false }}
      >
        <AntApp>
          <ClockOffsetContext value={clockOffset}>
            <RouterProvider router={router} />
          </ClockOffsetContext>
        </AntApp>
      </ConfigProvider>
    </IntlProvider>
  );
}

const browserTimeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
