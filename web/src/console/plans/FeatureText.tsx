import { useFormatter, useTranslations } from 'use-intl';
import type { FeatureValues } from './FeaturesField.tsx';

/** A feature's value as people read it. */
export function FeatureText({ value }: { value: FeatureValues[string] }) {
  const t = useTranslations('console.features');
  const format = useFormatter();
  if (typeof value === 'boolean') return t(value ? 'yes' : 'no');
  return typeof value === 'number' ? format.number(value) : value;
}
