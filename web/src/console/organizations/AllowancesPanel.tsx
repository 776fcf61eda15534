import { useTranslations } from 'use-intl';
import { useAmountText } from '../../ui/Amount.tsx';
import { percentOf } from '../../ui/decimal.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Usage } from '../../ui/Usage.tsx';
import { When } from '../../ui/When.tsx';
import type { Customer } from './OrganizationPage.tsx';

type Allowance = Customer['daily_usage'][number];

export function AllowancesPanel({ allowances }: { allowances: Allowance[] }) {
  const t = useTranslations('dashboard');
  const tConsole = useTranslations('console.organizations');
  return (
    <Panel title={t('today')}>
      {allowances.length === 0 && (
        <EmptyState title={t('noAllowance')}>{tConsole('noAllowanceNote')}</EmptyState>
      )}
      <ul className="allowances">
        {allowances.map((allowance) => (
          <AllowanceMeter
            key={`${allowance.package.id} ${allowance.expires_at}`}
            allowance={allowance}
          />
        ))}
      </ul>
    </Panel>
  );
}

function AllowanceMeter({ allowance }: { allowance: Allowance }) {
  const t = useTranslations('dashboard');
  const amountText = useAmountText();
  const amount = (value: string) => amountText(value, allowance.currency);
  const figures = { used: amount(allowance.used), allowance: amount(allowance.allowance) };
  return (
    <li>
      <h3>{allowance.package.name}</h3>
      <Usage
        label={t('allowance', { name: allowance.package.name, ...figures })}
        percent={percentOf(allowance.used, allowance.allowance)}
        start={<strong>{t('remaining', { remaining: amount(allowance.remaining) })}</strong>}
        end={<span className="soft">{t('used', figures)}</span>}
      />
      <p className="soft allowance-times">
        <span>{t.rich('resets', { when: () => <When at={allowance.resets_at} /> })}</span>
        <span>{t.rich('lastDay', { when: () => <When at={allowance.expires_at} /> })}</span>
      </p>
    </li>
  );
}
