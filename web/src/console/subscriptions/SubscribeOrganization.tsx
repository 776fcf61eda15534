/** Subscribes a customer: first what to, then in words what that does. */
import { App, Form, Modal } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { newIdempotencyKey } from '../../api/idempotency-key.ts';
import { useChange } from '../../api/use-call.ts';
import { usePages } from '../../api/use-pages.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import { useFormRefusal } from '../../features/errors/form-refusal.ts';
import { useCycleText } from '../../features/offers/cycle-text.ts';
import { useAmountText } from '../../ui/Amount.tsx';
import { useOrganizationName } from '../organizations/OrganizationLink.tsx';
import { type OfferedPlan, SubscribeFields } from './SubscribeFields.tsx';
import { chosenPrice, type SubscribeForm, toSubscribeBody } from './subscribe-form.ts';
import { subscriptionReads } from './subscription.ts';

interface SubscribeOrganizationProps {
  /** Left out, any customer may be chosen. */
  organization?: { id: string; name: string };
  onClose: () => void;
}

const offeredMax = 200;

export function SubscribeOrganization({ organization, onClose }: SubscribeOrganizationProps) {
  const t = useTranslations('console.subscribe');
  const tUi = useTranslations('ui');
  const tForms = useTranslations('console.forms');
  const [form] = Form.useForm<SubscribeForm>();
  const [asked, setAsked] = useState<SubscribeForm>();
  const offered = usePages('searchPlans', { query: { status: 'active', limit: offeredMax } });
  // An add-on is not subscribed to by itself.
  const plans = offered.rows?.filter(
    ({ prices, addon_of }) => prices.length > 0 && addon_of === null,
  );
  const subscribe = useSubscribe({ onClose, onRefused: () => setAsked(undefined) });
  const refusal = useFormRefusal(form, subscribe.error);
  return (
    <Modal
      open
      mask={{ closable: false }}
      title={t('title')}
      okText={asked ? t('subscribe') : tForms('continue')}
      cancelText={asked ? tForms('back') : tUi('cancel')}
      okButtonProps={{ loading: subscribe.isPending }}
      onOk={() => (asked ? subscribe.submit(asked, plans ?? []) : form.submit())}
      onCancel={() => (asked && !subscribe.isPending ? setAsked(undefined) : onClose())}
    >
      <div className="stack">
        <Refused error={asked ? null : refusal} />
        {asked && <Question asked={asked} plans={plans ?? []} customer={organization?.name} />}
        <Form
          form={form}
          hidden={asked !== undefined}
          layout="vertical"
          initialValues={{ organization: organization?.id, quantity: 1, provider: null }}
          onFinish={setAsked}
          onValuesChange={subscribe.renewKey}
        >
          <SubscribeFields plans={plans} isCustomerFixed={organization !== undefined} />
        </Form>
      </div>
    </Modal>
  );
}

interface QuestionProps {
  asked: SubscribeForm;
  plans: readonly OfferedPlan[];
  customer: string | undefined;
}

function Question({ asked, plans, customer }: QuestionProps) {
  const t = useTranslations('console.subscribe');
  const amountText = useAmountText();
  const { per } = useCycleText();
  const found = useOrganizationName(customer ? undefined : asked.organization);
  const plan = plans.find(({ slug }) => slug === asked.plan);
  const price = plan && chosenPrice(plan, asked);
  if (!plan || !price) return null;
  const figures = {
    customer: customer ?? found ?? asked.organization,
    plan: plan.name,
    price: `${amountText(price.amount, price.currency, { isExact: true })} ${per(price.billing_cycle)}`,
    seats: asked.quantity ?? 1,
  };
  return (
    <>
      <p>{t('confirm', figures)}</p>
      {plan.trial_days > 0 && <p>{t('confirmTrial', { days: plan.trial_days })}</p>}
      <p>{t(asked.provider === 'wallet' ? 'confirmWallet' : 'confirmLink', figures)}</p>
    </>
  );
}

/** One key for the life of the question: pressing twice, or again after a lost answer, subscribes once. */
function useSubscribe({ onClose, onRefused }: { onClose: () => void; onRefused: () => void }) {
  const t = useTranslations('console.subscribe');
  const { message } = App.useApp();
  const [idempotencyKey, setIdempotencyKey] = useState(newIdempotencyKey);
  const change = useChange('subscribeOrganization', {
    refreshes: subscriptionReads,
    onDone: ({ plan }) => {
      void message.success(t('done', { plan: plan.name }));
      onClose();
    },
  });
  return {
    error: change.error,
    isPending: change.isPending,
    renewKey: () => setIdempotencyKey(newIdempotencyKey()),
    submit: (form: SubscribeForm, plans: readonly OfferedPlan[]) =>
      change.mutate({ body: toSubscribeBody(form, plans), idempotencyKey }, { onError: onRefused }),
  };
}
