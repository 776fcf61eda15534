import { useTranslations } from 'use-intl';
import { CopyButton } from './CopyButton.tsx';

/** An id: monospaced, shortened from the middle when asked, always copied whole. */
export function Id({ value, isShort = false }: { value: string; isShort?: boolean }) {
  const t = useTranslations('ui');
  return (
    <span className="id">
      <code title={value}>{isShort ? shorten(value) : value}</code>
      <CopyButton text={value} label={t('copyId', { id: value })} />
    </span>
  );
}

function shorten(id: string): string {
  return id.length > 16 ? `${id.slice(0, 8)}…${id.slice(-5)}` : id;
}
