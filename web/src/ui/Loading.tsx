import { useTranslations } from 'use-intl';

/** Quiet grey lines; `rows` is about as high as what will replace it, so that nothing jumps. */
export function Loading({ rows = 4 }: { rows?: number }) {
  const t = useTranslations('ui');
  return (
    <div className="loading" role="status" aria-label={t('loading')}>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines are all alike and never move
        <div key={row} />
      ))}
    </div>
  );
}
