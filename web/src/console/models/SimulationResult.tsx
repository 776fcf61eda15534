import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { Amount } from '../../ui/Amount.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { When } from '../../ui/When.tsx';
import { OrganizationLink } from '../organizations/OrganizationLink.tsx';

type Simulation = Answer<'simulateModelPrice'>;

const lines = ['revenue', 'cost', 'margin'] as const;

/** What was, what would have been, and whom it would have concerned most. */
export function SimulationResult({ simulation }: { simulation: Simulation }) {
  const t = useTranslations('console.modelPrices');
  const { before, after, currency, calls, is_exact: isExact, from, to } = simulation;
  return (
    <section className="stack" aria-label={t('result')}>
      <h3>{t('result')}</h3>
      <p className="soft">
        <When at={from} show="day" /> – <When at={to} show="day" /> ·{' '}
        {t(isExact ? 'exact' : 'fromSums', { count: calls })}
      </p>
      <Facts
        as="figures"
        items={lines.map((line) => ({
          label: t(line),
          value: (
            <>
              <Amount value={before[line]} currency={currency} /> →{' '}
              <Amount value={after[line]} currency={currency} />
            </>
          ),
        }))}
      />
      {simulation.organizations.length > 0 && <Customers simulation={simulation} />}
    </section>
  );
}

function Customers({ simulation: { organizations, currency } }: { simulation: Simulation }) {
  const t = useTranslations('console.modelPrices');
  const tFilters = useTranslations('console.filters');
  const amount = (value: string) => <Amount value={value} currency={currency} />;
  return (
    <div className="data-list">
      <table className="data-table" aria-label={t('mostConcerned')}>
        <thead>
          <tr>
            <th scope="col">{tFilters('customer')}</th>
            <th scope="col" className="end">
              {t('calls')}
            </th>
            <th scope="col" className="end">
              {t('before')}
            </th>
            <th scope="col" className="end">
              {t('after')}
            </th>
            <th scope="col" className="end">
              {t('difference')}
            </th>
          </tr>
        </thead>
        <tbody>
          {organizations.map((row) => (
            <tr key={row.organization}>
              <td data-label={tFilters('customer')}>
                <OrganizationLink id={row.organization} />
              </td>
              <td className="end" data-label={t('calls')}>
                {row.calls}
              </td>
              <td className="end" data-label={t('before')}>
                {amount(row.before)}
              </td>
              <td className="end" data-label={t('after')}>
                {amount(row.after)}
              </td>
              <td className="end" data-label={t('difference')}>
                {amount(row.difference)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
