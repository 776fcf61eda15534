/** Countries by their two letters, named in the reader's language. */
import { useLocale } from 'use-intl';

export function useCountryName(): (code: string) => string {
  const names = new Intl.DisplayNames(useLocale(), { type: 'region' });
  return (code) => names.of(code) ?? code;
}
