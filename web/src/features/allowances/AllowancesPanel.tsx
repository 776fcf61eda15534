import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { Amount, useAmountText } from '../../ui/Amount.tsx';
import { percentOf, toNanos } from '../../ui/decimal.ts';
import { Panel } from '../../ui/Panel.tsx';
import { Usage } from '../../ui/Usage.tsx';
import { When } from '../../ui/When.tsx';

type Allowance = Answer<'listDailyUsage'>['data'][number];

interface AllowancesPanelProps {
  allowances: Allowance[];
  /** Said where no package is active. */
  empty: ReactNode;
}

/** How much of today's allowances is left, and until when. */
export function AllowancesPanel({ allowances, empty }: AllowancesPanelProps) {
  const t = useTranslations('dashboard');
  if (allowances.length === 0) return <Panel title={t('today')}>{empty}</Panel>;
  return (
    <Panel title={t('today')} note={t('todayNote')}>
      <ul className="allowances">
        {allowances.map((allowance) => (
          <AllowanceMeter key={allowance.organization_package} allowance={allowance} />
        ))}
      </ul>
    </Panel>
  );
}

function AllowanceMeter({ allowance }: { allowance: Allowance }) {
  const t = useTranslations('dashboard');
  const amountText = useAmountText();
  const inWords = (value: string) => amountText(value, allowance.currency);
  const amount = (value: string) => <Amount value={value} currency={allowance.currency} />;
  const { used, allowance: limit, remaining, held } = allowance;
  const isLastDay = Date.parse(allowance.expires_at) <= Date.parse(allowance.resets_at);
  return (
    <li>
      <h3>{allowance.package.name}</h3>
      <Usage
        label={t('allowance', {
          name: allowance.package.name,
          used: inWords(used),
          allowance: inWords(limit),
        })}
        percent={percentOf(used, limit)}
        start={<strong>{t.rich('remaining', { remaining: () => amount(remaining) })}</strong>}
        end={
          <span className="soft">
            {t.rich('used', { used: () => amount(used), allowance: () => amount(limit) })}
          </span>
        }
      />
      <p className="soft allowance-times">
        {!isLastDay && (
          <span>
            {t.rich('resets', { when: () => <When at={allowance.resets_at} show="relative" /> })}
          </span>
        )}
        <span>{t.rich('lastDay', { when: () => <When at={allowance.expires_at} /> })}</span>
        {toNanos(held) > 0n && <span>{t.rich('heldNow', { held: () => amount(held) })}</span>}
      </p>
    </li>
  );
}
