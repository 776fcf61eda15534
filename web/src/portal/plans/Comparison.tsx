import { CheckOutlined } from '@ant-design/icons';
import { useTranslations } from 'use-intl';
import { compare } from '../../features/offers/comparison.ts';
import { useCycleText } from '../../features/offers/cycle-text.ts';
import { useGives } from '../../features/offers/gives.ts';
import { type Plan, type PriceChoice, priceFor } from '../../features/offers/offer.ts';
import { Amount } from '../../ui/Amount.tsx';
import { Panel } from '../../ui/Panel.tsx';

interface ComparisonProps {
  plans: Plan[];
  choice: PriceChoice;
}

/** Plans side by side, thing by thing; where it does not fit it is moved sideways. */
export function Comparison({ plans, choice }: ComparisonProps) {
  const t = useTranslations('plans');
  const gives = useGives(plans[0]?.application?.slug ?? null);
  return (
    <Panel title={t('compare')}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what can be moved sideways must be so by keyboard */}
      <div className="comparison" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <td />
              {plans.map(({ id, name }) => (
                <th key={id} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            <tr>
              <th scope="row">{t('price')}</th>
              {plans.map((plan) => (
                <td key={plan.id}>
                  <ShortPrice plan={plan} choice={choice} />
                </td>
              ))}
            </tr>
            {compare(plans.map(gives)).map(({ key, label, values }) => (
              <tr key={key}>
                <th scope="row">{label}</th>
                {values.map((value, index) => (
                  <td key={plans[index]?.id}>
                    <Value value={value} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

function ShortPrice({ plan, choice }: { plan: Plan; choice: PriceChoice }) {
  const t = useTranslations('plans');
  const { per } = useCycleText();
  const price = priceFor(plan, choice);
  if (!price) return <span className="soft">{t('onRequest')}</span>;
  return (
    <>
      <Amount value={price.amount} currency={price.currency} isExact />{' '}
      <span className="soft">{per(price.billing_cycle)}</span>
    </>
  );
}

function Value({ value }: { value: string | boolean | undefined }) {
  const t = useTranslations('plans');
  if (value === true) return <CheckOutlined aria-label={t('included')} />;
  if (value === false || value === undefined) {
    return (
      <span role="img" aria-label={t('notIncluded')} className="soft">
        –
      </span>
    );
  }
  return value;
}
