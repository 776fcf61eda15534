import { useTranslations } from 'use-intl';
import { useChange } from '../../api/use-call.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import type { SignInProvider } from './SignInPage.tsx';

/** What shows providers, to operators and on the sign-in page. */
export const refreshes = ['listSignInProviders', 'getSignInMethods'] as const;

export function SwitchButton({ provider }: { provider: SignInProvider }) {
  const t = useTranslations('sso.console');
  const change = useChange('updateSignInProvider', { refreshes });
  const { id, name, enabled } = provider;
  return (
    <>
      <AllowedButton
        operation="updateSignInProvider"
        blockedBecause={provider.from_environment ? t('environment') : undefined}
        danger={enabled}
        loading={change.isPending}
        aria-label={t(enabled ? 'switchOffNamed' : 'switchOnNamed', { name })}
        onClick={() => change.mutate({ params: { id }, body: { enabled: !enabled } })}
      >
        {t(enabled ? 'switchOff' : 'switchOn')}
      </AllowedButton>
      <Refused error={change.error} />
    </>
  );
}
