import { CheckCircleFilled } from '@ant-design/icons';
import { Link, type LinkProps } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { usePages } from '../../api/use-pages.ts';
import { isAllowed } from '../../features/session/allowed.ts';
import { useSession } from '../../features/session/session.ts';
import { paths } from '../../paths.ts';
import { toNanos } from '../../ui/decimal.ts';
import { Panel } from '../../ui/Panel.tsx';

interface FirstStepsProps {
  summary: Answer<'getBillingSummary'>;
  hasCalls: boolean;
}

/** What is left to do until the first call; gone once there is one. */
export function FirstSteps({ summary, hasCalls }: FirstStepsProps) {
  const t = useTranslations('dashboard');
  const session = useSession();
  const keys = usePages(
    'listApiKeys',
    { query: { limit: 1 } },
    { enabled: !hasCalls && isAllowed('listApiKeys', session) },
  );
  if (hasCalls || summary.usage.calls > 0) return null;
  const hasFunds = summary.daily_usage.length > 0 || toNanos(summary.wallet.available) > 0n;
  return (
    <Panel title={t('firstSteps')}>
      <ol className="steps">
        <Step
          isDone={hasFunds}
          to={paths.packages}
          title={t('stepFunds')}
          note={t('stepFundsNote')}
        />
        <Step
          isDone={(keys.rows?.length ?? 0) > 0}
          to={paths.keys}
          title={t('stepKey')}
          note={t('stepKeyNote')}
        />
        <Step isDone={false} to={paths.keys} title={t('stepCall')} note={t('stepCallNote')} />
      </ol>
    </Panel>
  );
}

interface StepProps {
  isDone: boolean;
  to: NonNullable<LinkProps['to']>;
  title: string;
  note: string;
}

function Step({ isDone, to, title, note }: StepProps) {
  const t = useTranslations('dashboard');
  return (
    <li data-tone={isDone ? 'good' : undefined}>
      <Link to={to}>{title}</Link>
      {isDone && (
        <span className="step-done">
          <CheckCircleFilled aria-hidden /> {t('done')}
        </span>
      )}
      <p className="soft">{note}</p>
    </li>
  );
}
