import { useTranslations } from 'use-intl';

const own = ['requests', 'tokens', 'cost'] as const;
type OwnMeter = (typeof own)[number];

/**
 * A meter as people read it: the deployment's own in words, an application's with its application before it, unless
 * that is the one that is spoken of.
 */
export function useMeterName(spokenOf: string | null = null): (meter: string) => string {
  const t = useTranslations('quotas.meters');
  return (meter) => {
    if (isOwn(meter)) return t(meter);
    if (!meter.includes('.')) return meter;
    const { application, key } = namesOf(meter);
    if (meter.split('.')[0] === spokenOf) return capitalized(key);
    return t('ofApplication', { application, key });
  };
}

/** `medical.report_exports` is what Medical calls report exports. */
function namesOf(meter: string): { application: string; key: string } {
  const [application = '', key = ''] = meter.split('.');
  return { application: applicationName(application), key: key.replaceAll('_', ' ') };
}

/** An application's slug as people read it. */
export function applicationName(slug: string): string {
  return capitalized(slug);
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function isOwn(meter: string): meter is OwnMeter {
  return (own as readonly string[]).includes(meter);
}
