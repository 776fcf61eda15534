import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { ButtonLink } from '../../features/navigation/ButtonLink.tsx';
import { paths } from '../../paths.ts';
import { useAmountText } from '../../ui/Amount.tsx';
import { percentOf, toNanos } from '../../ui/decimal.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Usage } from '../../ui/Usage.tsx';
import { When } from '../../ui/When.tsx';

type Allowance = Answer<'listDailyUsage'>['data'][number];

export function AllowancePanel({ allowances }: { allowances: Allowance[] }) {
  const t = useTranslations('dashboard');
  if (allowances.length === 0) {
    return (
      <Panel title={t('today')}>
        <EmptyState
          title={t('noAllowance')}
          action={<ButtonLink to={paths.packages}>{t('buy')}</ButtonLink>}
        >
          {t('noAllowanceNote')}
        </EmptyState>
      </Panel>
    );
  }
  return (
    <Panel title={t('today')} note={t('todayNote')}>
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

const dayLengthMaxMs = 25 * 3_600_000;

/** A reset is at most a day away; if not, the deployment's clock was moved, and only the instant itself is true. */
function howToShow(resetsAt: string): 'relative' | 'instant' {
  const ahead = Date.parse(resetsAt) - Date.now();
  return ahead > 0 && ahead <= dayLengthMaxMs ? 'relative' : 'instant';
}

function AllowanceMeter({ allowance }: { allowance: Allowance }) {
  const t = useTranslations('dashboard');
  const amountText = useAmountText();
  const amount = (value: string) => amountText(value, allowance.currency);
  const isHeld = toNanos(allowance.held) > 0n;
  const isLastDay = Date.parse(allowance.expires_at) <= Date.parse(allowance.resets_at);
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
        {!isLastDay && (
          <span>
            {t.rich('resets', {
              when: () => <When at={allowance.resets_at} show={howToShow(allowance.resets_at)} />,
            })}
          </span>
        )}
        <span>{t.rich('lastDay', { when: () => <When at={allowance.expires_at} /> })}</span>
        {isHeld && <span>{t('heldNow', { held: amount(allowance.held) })}</span>}
      </p>
    </li>
  );
}
