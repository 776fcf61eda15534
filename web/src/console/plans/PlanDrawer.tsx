import { useQuery } from '@tanstack/react-query';
import { Drawer, Form } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { newIdempotencyKey } from '../../api/idempotency-key.ts';
import { reading, useChange } from '../../api/use-call.ts';
import { Failure } from '../../features/errors/Failure.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { FormDrawer } from '../forms/FormDrawer.tsx';
import { PlanFields } from './PlanFields.tsx';
import { emptyPlan, type Plan, type PlanForm, planFormOf, toPlanFields } from './plan-form.ts';

const refreshes = ['searchPlans', 'getPlan', 'listPlans', 'listPlanVersions'] as const;

interface NewPlanProps {
  /** Slug of the application whose it will be, as a proposal. */
  application: string | undefined;
  onClose: () => void;
}

export function NewPlan({ application, onClose }: NewPlanProps) {
  const t = useTranslations('console.plans');
  const [form] = Form.useForm<PlanForm>();
  const [idempotencyKey, setIdempotencyKey] = useState(newIdempotencyKey);
  const create = useChange('createPlan', { refreshes, onDone: onClose });
  return (
    <FormDrawer
      isWide
      title={t('createTitle')}
      operation="createPlan"
      submitLabel={t('create')}
      form={form}
      initialValues={{ ...emptyPlan, application: application ?? null }}
      error={create.error}
      isPending={create.isPending}
      onSubmit={({ slug, application: owner, ...fields }) =>
        create.mutate({
          body: { slug, application: owner, ...toPlanFields(fields) },
          idempotencyKey,
        })
      }
      onChange={() => setIdempotencyKey(newIdempotencyKey())}
      onClose={onClose}
    >
      <PlanFields isNew />
    </FormDrawer>
  );
}

export function EditPlan({ id, onClose }: { id: string; onClose: () => void }) {
  const t = useTranslations('console.plans');
  const plan = useQuery(reading('getPlan', { params: { id } }));
  if (plan.data) return <EditForm plan={plan.data} onClose={onClose} />;
  return (
    <Drawer open size={760} title={t('editTitle')} onClose={onClose}>
      {plan.error ? <Failure error={plan.error} /> : <Loading rows={10} />}
    </Drawer>
  );
}

function EditForm({ plan, onClose }: { plan: Plan; onClose: () => void }) {
  const t = useTranslations('console.plans');
  const tUi = useTranslations('ui');
  const [form] = Form.useForm<PlanForm>();
  const update = useChange('updatePlan', { refreshes, onDone: onClose });
  return (
    <FormDrawer
      isWide
      title={t('editTitle')}
      operation="updatePlan"
      submitLabel={tUi('save')}
      form={form}
      initialValues={planFormOf(plan)}
      error={update.error}
      isPending={update.isPending}
      onSubmit={(fields) => update.mutate({ params: { id: plan.id }, body: toPlanFields(fields) })}
      onClose={onClose}
    >
      <p className="soft form-note">{t('editNote')}</p>
      <PlanFields isNew={false} />
    </FormDrawer>
  );
}
