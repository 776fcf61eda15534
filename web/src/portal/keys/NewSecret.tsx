import { useTranslations } from 'use-intl';
import { SecretModal } from '../../features/secret/SecretModal.tsx';
import { PointYourProgram } from './PointYourProgram.tsx';

/** A key's secret, and how a program uses it. */
export function NewSecret({ secret, onClose }: { secret: string; onClose: () => void }) {
  const t = useTranslations('keys');
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
      <PointYourProgram secret={secret} />
    </SecretModal>
  );
}
