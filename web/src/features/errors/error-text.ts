import { useLocale, useTranslations } from 'use-intl';
import { ApiError, type ErrorCode } from '../../api/api-error.ts';

/** The server's sentences are English and often more exact than ours; other languages say it by code. */
export function useErrorText(): (error: Error) => string {
  const t = useTranslations('errors');
  const locale = useLocale();
  return (error) => {
    if (!(error instanceof ApiError)) return t('internal');
    if (locale === 'en' && error.message && !ownWords.has(error.code)) return error.message;
    return t.has(error.code) ? t(error.code) : error.message;
  };
}

/** Where there is no sentence from the server, or none that helps a person. */
const ownWords: ReadonlySet<ErrorCode> = new Set(['unreachable', 'internal', 'unavailable']);
