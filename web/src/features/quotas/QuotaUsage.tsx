import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { fromNanos, percentOf, toNanos } from '../../ui/decimal.ts';
import { Usage } from '../../ui/Usage.tsx';
import { When } from '../../ui/When.tsx';
import { useMeterName } from './meter-name.ts';
import { Quantity, useQuantityText } from './Quantity.tsx';

export type Quota = Answer<'listQuotas'>['data'][number];

/** Share of a quota that is used or reserved, 0 to 100; nothing of an unlimited one. */
export function usedPercent({ limit, used, reserved }: Quota): number {
  if (limit === null) return 0;
  if (toNanos(limit) === 0n) return 100;
  return percentOf(sumOf(used, reserved), limit);
}

function sumOf(one: string, other: string): string {
  return fromNanos(toNanos(one) + toNanos(other));
}

interface QuotaUsageProps {
  quota: Quota;
  /** Whose use counts, where it is not everybody's. */
  subject?: string | undefined;
  /** What else there is to say of it. */
  note?: ReactNode;
}

/** One quota: what is left of it, and when it begins anew. */
export function QuotaUsage({ quota, subject, note }: QuotaUsageProps) {
  const t = useTranslations('quotas');
  const meterName = useMeterName();
  const text = useQuantityText();
  const { meter = '', unit = 'count', window = 'lifetime', limit, used, remaining } = quota;
  const quantity = (value: string) => <Quantity value={value} unit={unit} />;
  // The unit is said once.
  const figure = (value: string) => (
    <Quantity value={value} unit={unit === 'tokens' ? 'count' : unit} />
  );
  const name = t('named', { meter: meterName(meter), window: t(`windows.${window}`) });
  return (
    <li>
      <h3>
        {name}
        {subject !== undefined && <span className="soft"> · {subject}</span>}
      </h3>
      <Usage
        label={t('label', {
          name,
          used: text(used, unit),
          limit: limit === null ? t('unlimited') : text(limit, unit),
        })}
        percent={usedPercent(quota)}
        start={
          <strong>
            {remaining === null
              ? t('unlimited')
              : t.rich('remaining', { remaining: () => quantity(remaining) })}
          </strong>
        }
        end={
          <span className="soft">
            {limit === null
              ? t.rich('usedAlone', { used: () => quantity(used) })
              : t.rich('used', { used: () => figure(used), limit: () => figure(limit) })}
          </span>
        }
      />
      <p className="soft allowance-times">
        <span>
          {quota.resets_at === null
            ? t('neverResets')
            : t.rich('resets', { when: () => <When at={quota.resets_at as string} /> })}
        </span>
        {toNanos(quota.reserved) > 0n && (
          <span>{t.rich('reserved', { reserved: () => quantity(quota.reserved) })}</span>
        )}
        {limit !== null && !quota.hard && <span>{t('soft')}</span>}
        {note && <strong>{note}</strong>}
      </p>
    </li>
  );
}
