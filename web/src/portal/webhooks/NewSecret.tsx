import { useTranslations } from 'use-intl';
import { SecretModal } from '../../features/secret/SecretModal.tsx';
import { CodeBlock } from '../../ui/CodeBlock.tsx';
import { verifierCode } from './webhook.ts';

/** An endpoint's secret, with the lines that check a message by it. */
export function NewSecret({ secret, onClose }: { secret: string; onClose: () => void }) {
  const t = useTranslations('webhooks');
  return (
    <SecretModal
      secret={secret}
      onClose={onClose}
      words={{
        title: t('secretTitle'),
        note: t('secretNote'),
        label: t('secret'),
        copy: t('copySecret'),
        done: t('done'),
      }}
    >
      <h3>{t('verify')}</h3>
      <CodeBlock code={verifierCode(secret)} copyLabel={t('copyCode')} />
    </SecretModal>
  );
}
