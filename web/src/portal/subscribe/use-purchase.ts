/** Sends what was decided, once, and goes on to where it is paid or seen. */
import { useNavigate } from '@tanstack/react-router';
import { App } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { newIdempotencyKey } from '../../api/idempotency-key.ts';
import { useChange } from '../../api/use-call.ts';
import { useContinuePayment } from '../../features/payment/continue-payment.ts';
import type { PayWith } from '../../features/payment/way.ts';
import {
  type SubscriptionPurchase,
  touchedByChange,
} from '../../features/subscription/subscription.ts';
import { paths } from '../../paths.ts';

/** What is subscribed to, and how it is paid where it costs something. */
export interface Order extends PayWith {
  plan: string;
  billing_cycle: string;
  currency: string;
  quantity?: number;
  coupon?: string;
}

export interface PlanChange extends PayWith {
  plan: string;
  billing_cycle: string;
  quantity?: number;
  when?: 'now' | 'period_end';
}

export function useSubscribe() {
  const goOn = useGoOn('begun');
  const [idempotencyKey] = useState(newIdempotencyKey);
  const create = useChange('createSubscription', { refreshes: touchedByChange, onDone: goOn });
  return {
    isPending: create.isPending,
    error: create.error,
    start: (body: Order) => create.mutate({ body, idempotencyKey: keyOf(idempotencyKey, body) }),
  };
}

type Direction = 'upgradeSubscription' | 'downgradeSubscription';

export function useChangePlan(id: string) {
  const goOn = useGoOn('changed');
  const [idempotencyKey] = useState(newIdempotencyKey);
  const options = { refreshes: touchedByChange, onDone: goOn };
  const upgrade = useChange('upgradeSubscription', options);
  const downgrade = useChange('downgradeSubscription', options);
  return {
    isPending: upgrade.isPending || downgrade.isPending,
    error: upgrade.error ?? downgrade.error,
    start: (direction: Direction, body: PlanChange) => {
      const change = direction === 'upgradeSubscription' ? upgrade : downgrade;
      change.mutate({ params: { id }, body, idempotencyKey: keyOf(idempotencyKey, body) });
    },
  };
}

/** The same order pressed twice is the same; another one, or another way to pay, is another. */
function keyOf(idempotencyKey: string, body: object): string {
  return `${idempotencyKey}-${Object.values(body).join('-')}`;
}

function useGoOn(said: 'begun' | 'changed'): (purchase: SubscriptionPurchase) => void {
  const t = useTranslations('subscribe');
  const { message } = App.useApp();
  const continuePayment = useContinuePayment();
  const navigate = useNavigate();
  return ({ payment }) => {
    if (payment) {
      continuePayment(payment);
      return;
    }
    void message.success(t(said));
    void navigate({ to: paths.subscription });
  };
}
