import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { reading } from '../../api/use-call.ts';
import { useRefusalOf } from '../../features/session/allowed.ts';
import { paths } from '../../paths.ts';

const pages = [
  { to: paths.billing, name: 'overview', isExact: true },
  { to: paths.invoices, name: 'invoices', isExact: false },
  { to: paths.fapiao, name: 'fapiao', isExact: false },
  { to: paths.subscription, name: 'subscription', isExact: true },
  { to: paths.paymentMethods, name: 'methods', isExact: true },
  { to: paths.quotes, name: 'quotes', isExact: false },
  { to: paths.billingDetails, name: 'details', isExact: true },
] as const;

/** The pages about money, beside each other; quotes only where somebody has written one. */
export function BillingNav() {
  const t = useTranslations('billing.nav');
  const isAllowed = !useRefusalOf()('listQuotes');
  const quotes = useQuery({
    ...reading('listQuotes', { query: { limit: 1 } }),
    enabled: isAllowed,
  });
  const hasQuotes = (quotes.data?.data.length ?? 0) > 0;
  return (
    <nav aria-label={t('label')} className="tabs">
      {pages
        .filter(({ name }) => name !== 'quotes' || hasQuotes)
        .map(({ to, name, isExact }) => (
          <Link key={to} to={to} activeOptions={{ exact: isExact, includeSearch: false }}>
            {t(name)}
          </Link>
        ))}
    </nav>
  );
}
