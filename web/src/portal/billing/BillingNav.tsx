import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { paths } from '../../paths.ts';

const pages = [
  { to: paths.billing, name: 'overview', isExact: true },
  { to: paths.invoices, name: 'invoices', isExact: false },
  { to: paths.fapiao, name: 'fapiao', isExact: false },
  { to: paths.subscription, name: 'subscription', isExact: true },
  { to: paths.billingDetails, name: 'details', isExact: true },
] as const;

/** The pages about money, beside each other. */
export function BillingNav() {
  const t = useTranslations('billing.nav');
  return (
    <nav aria-label={t('label')} className="tabs">
      {pages.map(({ to, name, isExact }) => (
        <Link key={to} to={to} activeOptions={{ exact: isExact, includeSearch: false }}>
          {t(name)}
        </Link>
      ))}
    </nav>
  );
}
