import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { paths } from '../../paths.ts';
import { Amount } from '../../ui/Amount.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { Id } from '../../ui/Id.tsx';
import { When } from '../../ui/When.tsx';
import type { Customer } from './customer.ts';
import { OrganizationStatus } from './OrganizationStatus.tsx';

/** Who the customer is, how it stands, and what it owes. */
export function StandingFacts({ customer }: { customer: Customer }) {
  const t = useTranslations('console.organizations');
  const tCustomer = useTranslations('console.customer');
  const { standing, owed, last_30_days: used } = customer;
  const { id, personal, time_zone, created_at } = customer.organization;
  return (
    <Facts
      items={[
        {
          label: tCustomer('standing'),
          value: (
            <span className="twofold">
              <OrganizationStatus status={standing.status} />
              <small>
                {tCustomer.rich('standingSince', { when: () => <When at={standing.since} /> })}
              </small>
              {standing.reason && <small>{standing.reason}</small>}
            </span>
          ),
        },
        { label: tCustomer('owed'), value: <Owed owed={owed} /> },
        {
          label: tCustomer('lastDays'),
          value: (
            <span className="twofold">
              <Amount value={used.amount} currency={used.currency} />
              <small>{tCustomer('calls', { calls: used.calls })}</small>
            </span>
          ),
        },
        { label: 'ID', value: <Id value={id} /> },
        { label: t('kind'), value: t(personal ? 'personal' : 'shared') },
        { label: t('timeZone'), value: time_zone },
        { label: t('since'), value: <When at={created_at} show="day" /> },
        {
          label: t('audit'),
          value: (
            <Link to={paths.consoleAudit} search={{ organization: id }}>
              {t('toAudit')}
            </Link>
          ),
        },
      ]}
    />
  );
}

function Owed({ owed }: Pick<Customer, 'owed'>) {
  const t = useTranslations('console.customer');
  if (owed.length === 0) return <>{t('nothingOwed')}</>;
  return (
    <span className="twofold">
      {owed.map(({ amount, currency, invoices, overdue }) => (
        <span key={currency}>
          <Amount value={amount} currency={currency} />{' '}
          <small>{t('owedNote', { invoices, overdue: String(overdue) })}</small>
        </span>
      ))}
    </span>
  );
}
