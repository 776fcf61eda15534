import { useTranslations } from 'use-intl';

const own = ['requests', 'tokens', 'cost'] as const;
type OwnMeter = (typeof own)[number];

/** A meter as people read it: the deployment's own in words, an application's with its application before it. */
export function useMeterName(): (meter: string) => string {
  const t = useTranslations('quotas.meters');
  return (meter) => {
    if (isOwn(meter)) return t(meter);
    return meter.includes('.') ? t('ofApplication', namesOf(meter)) : meter;
  };
}

/** `medical.report_exports` is what Medical calls report exports. */
function namesOf(meter: string): { application: string; key: string } {
  const [application = '', key = ''] = meter.split('.');
  return { application: applicationName(application), key: key.replaceAll('_', ' ') };
}

/** An application's slug as people read it. */
export function applicationName(slug: string): string {
  return slug.charAt(0).toUpperCase() + slug.slice(1);
}

function isOwn(meter: string): meter is OwnMeter {
  return (own as readonly string[]).includes(meter);
}
