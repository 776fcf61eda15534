import { useTranslations } from 'use-intl';

const own = ['requests', 'tokens', 'cost'] as const;
type OwnMeter = (typeof own)[number];

/** A meter as people read it: the deployment's own in words, an application's by its reference. */
export function useMeterName(): (meter: string) => string {
  const t = useTranslations('quotas.meters');
  return (meter) => (isOwn(meter) ? t(meter) : meter);
}

function isOwn(meter: string): meter is OwnMeter {
  return (own as readonly string[]).includes(meter);
}
