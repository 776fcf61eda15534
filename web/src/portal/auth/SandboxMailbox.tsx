import { Button } from 'antd';
import { useTranslations } from 'use-intl';
import { useDeployment } from '../../features/deployment/deployment.ts';
import { serverPaths } from '../../paths.ts';

/** In a sandbox no mail leaves the machine: the way to its mailbox. A live deployment has none, and shows nothing. */
export function SandboxMailbox({ to }: { to: string }) {
  const t = useTranslations('auth');
  if (useDeployment()?.mode !== 'sandbox') return null;
  return (
    <Button
      href={`${serverPaths.sandboxMailbox}?to=${encodeURIComponent(to)}`}
      target="_blank"
      rel="noreferrer"
    >
      {t('sandboxMailbox')}
    </Button>
  );
}
