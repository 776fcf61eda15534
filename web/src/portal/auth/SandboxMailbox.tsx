import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useTranslations } from 'use-intl';
import { serverPaths } from '../../paths.ts';

/** In a sandbox no mail leaves the machine: the way to its mailbox. A live deployment has none, and shows nothing. */
export function SandboxMailbox({ to }: { to: string }) {
  const t = useTranslations('auth');
  const href = `${serverPaths.sandboxMailbox}?to=${encodeURIComponent(to)}`;
  const mailbox = useQuery({
    queryKey: ['sandbox-mailbox'],
    queryFn: async () => (await fetch(href, { method: 'HEAD' })).ok,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  if (!mailbox.data) return null;
  return (
    <Button href={href} target="_blank" rel="noreferrer">
      {t('sandboxMailbox')}
    </Button>
  );
}
