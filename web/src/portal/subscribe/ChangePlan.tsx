import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Radio } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslations } from 'use-intl';
import { reading } from '../../api/use-call.ts';
import { Failure, Refused } from '../../features/errors/Failure.tsx';
import { ButtonLink } from '../../features/navigation/ButtonLink.tsx';
import { type Plan, type PlanPrice, priceFor } from '../../features/offers/offer.ts';
import { readSeats, sellsSeats } from '../../features/offers/seats.ts';
import type { PayWith } from '../../features/payment/way.ts';
import { isTermNotOver, TermNote } from '../../features/quotes/TermNote.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import type { ChangePreview, Subscription } from '../../features/subscription/subscription.ts';
import { paths } from '../../paths.ts';
import { useAmountText } from '../../ui/Amount.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { When } from '../../ui/When.tsx';
import { PayField } from './PayField.tsx';
import { PreviewPanel } from './PreviewPanel.tsx';
import { PriceFields } from './PriceFields.tsx';
import { outcomeOf } from './preview.ts';
import { SeatsField } from './SeatsField.tsx';
import { type PlanChange, useChangePlan } from './use-purchase.ts';

const route = getRouteApi('/portal/plans/$plan');

interface ChangePlanProps {
  plan: Plan;
  subscription: Subscription;
}

/** Another plan, or another cycle of the same: with exactly what it costs or gives back. */
export function ChangePlan({ plan, subscription }: ChangePlanProps) {
  const t = useTranslations('subscribe');
  const search = route.useSearch();
  const { cycle } = search;
  const seats = readSeats(search.seats) ?? subscription.quantity;
  const navigate = useNavigate();
  const { currency } = subscription;
  const price = priceFor(plan, { cycle: cycle ?? subscription.billing_cycle, currency });
  if (!price || price.currency !== currency) {
    return (
      <Panel>
        <EmptyState
          title={t('otherCurrency', { currency })}
          action={<ButtonLink to={paths.plans}>{t('toPlans')}</ButtonLink>}
        >
          {t('otherCurrencyNote')}
        </EmptyState>
      </Panel>
    );
  }
  const isCurrent =
    plan.id === subscription.plan.id &&
    price.billing_cycle === subscription.billing_cycle &&
    seats === subscription.quantity;
  const choose = (choice: { cycle?: string; seats?: string }) =>
    void navigate({
      to: paths.plan,
      params: { plan: plan.slug },
      search: { cycle: price.billing_cycle, seats: String(seats), ...choice },
      replace: true,
    });
  const fields = (
    <>
      <PriceFields
        plan={plan}
        price={price}
        onlyCurrency={currency}
        onChoose={(choice) => choose({ cycle: choice.cycle })}
      />
      {(sellsSeats(plan) || seats > 1) && (
        <SeatsField seats={seats} onChoose={(chosen) => choose({ seats: String(chosen) })} />
      )}
    </>
  );
  if (isCurrent) {
    return (
      <Panel title={t('choose')}>
        {fields}
        <p>{t('isCurrent')}</p>
      </Panel>
    );
  }
  return (
    <Change
      key={`${price.billing_cycle} ${seats}`}
      {...{ plan, subscription, price, seats, fields }}
    />
  );
}

type Timing = NonNullable<PlanChange['when']>;

interface ChangeProps extends ChangePlanProps {
  price: PlanPrice;
  seats: number;
  fields: ReactNode;
}

function Change({ plan, subscription, price, seats, fields }: ChangeProps) {
  const t = useTranslations('subscribe');
  const [when, setWhen] = useState<Timing>();
  const change = {
    ...{ plan: plan.slug, billing_cycle: price.billing_cycle },
    ...(seats !== subscription.quantity && { quantity: seats }),
  };
  const usual = usePreview(subscription.id, change);
  const chosen = usePreview(subscription.id, when ? { ...change, when } : change);
  const isDowngrade = usual.data?.effect === 'period_end';
  return (
    <div className="columns">
      <div className="stack">
        <Panel title={t('choose')}>
          {fields}
          {isDowngrade && usual.data && (
            <WhenField
              when={when ?? 'period_end'}
              periodEnd={usual.data.effective_at}
              onChoose={setWhen}
            />
          )}
        </Panel>
        {chosen.data && !chosen.error && (
          <Confirm
            subscription={subscription}
            preview={chosen.data}
            change={when ? { ...change, when } : change}
            isDowngrade={isDowngrade}
          />
        )}
      </div>
      <div className="stack">
        {chosen.error &&
          (isTermNotOver(chosen.error) ? (
            <Panel>
              <TermNote subscription={subscription.id} />
            </Panel>
          ) : (
            <Failure error={chosen.error} onRetry={() => void chosen.refetch()} />
          ))}
        {chosen.isPending && <Loading rows={6} />}
        {chosen.data && !chosen.error && <PreviewPanel plan={plan} preview={chosen.data} />}
      </div>
    </div>
  );
}

function usePreview(id: string, change: PlanChange) {
  return useQuery({
    ...reading('previewSubscription', { params: { id }, body: { action: 'change', ...change } }),
    placeholderData: keepPreviousData,
    retry: false,
  });
}

interface WhenFieldProps {
  when: Timing;
  periodEnd: string;
  onChoose: (when: Timing) => void;
}

/** What costs less follows at the period's end, unless one wants it now. */
function WhenField({ when, periodEnd, onChoose }: WhenFieldProps) {
  const t = useTranslations('subscribe');
  return (
    <fieldset className="choice-field">
      <legend>{t('when')}</legend>
      <Radio.Group
        className="choices"
        value={when}
        onChange={({ target }) => onChoose(target.value)}
      >
        <Radio value="period_end">
          {t.rich('atPeriodEnd', { when: () => <When at={periodEnd} show="day" /> })}
        </Radio>
        <Radio value="now">{t('now')}</Radio>
      </Radio.Group>
    </fieldset>
  );
}

interface ConfirmProps {
  subscription: Subscription;
  preview: ChangePreview;
  change: PlanChange;
  isDowngrade: boolean;
}

function Confirm({ subscription, preview, change, isDowngrade }: ConfirmProps) {
  const t = useTranslations('subscribe');
  const amountText = useAmountText();
  const [way, setWay] = useState<PayWith>();
  const changePlan = useChangePlan(subscription.id);
  const outcome = outcomeOf(preview);
  const mustPay = outcome.kind === 'pay' && !isDowngrade;
  const operation = isDowngrade ? 'downgradeSubscription' : 'upgradeSubscription';
  const { name } = preview.subscription.plan;
  return (
    <Panel title={t('confirm')}>
      {mustPay && (
        <PayField amount={outcome.amount} currency={preview.currency} way={way} onChoose={setWay} />
      )}
      <Refused error={changePlan.error} />
      <div>
        <AllowedButton
          operation={operation}
          type="primary"
          loading={changePlan.isPending}
          blockedBecause={mustPay && !way ? t('chooseWay') : undefined}
          onClick={() =>
            changePlan.start(operation, mustPay && way ? { ...change, ...way } : change)
          }
        >
          {mustPay
            ? t('payChange', {
                amount: amountText(outcome.amount, preview.currency, { isExact: true }),
              })
            : name !== subscription.plan.name
              ? t('changeTo', { name })
              : t(change.quantity === undefined ? 'changeCycle' : 'changeSeats')}
        </AllowedButton>
      </div>
    </Panel>
  );
}
