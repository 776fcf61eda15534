import { Form } from 'antd';
import { useState } from 'react';
import { useTimeZone, useTranslations } from 'use-intl';
import { newIdempotencyKey } from '../../api/idempotency-key.ts';
import { useChange } from '../../api/use-call.ts';
import { FormDrawer } from '../forms/FormDrawer.tsx';
import { CouponFields, LimitsFields } from './CouponFields.tsx';
import {
  type Coupon,
  type CouponForm,
  type LimitsForm,
  limitsFormOf,
  toCouponBody,
  toLimitsChange,
} from './coupon-form.ts';

const refreshes = ['searchCoupons', 'getCoupon'] as const;

export function NewCoupon({ onClose }: { onClose: () => void }) {
  const t = useTranslations('console.coupons');
  const timeZone = useTimeZone() ?? 'UTC';
  const [form] = Form.useForm<CouponForm>();
  const [idempotencyKey, setIdempotencyKey] = useState(newIdempotencyKey);
  const create = useChange('createCoupon', { refreshes, onDone: onClose });
  return (
    <FormDrawer
      title={t('createTitle')}
      operation="createCoupon"
      submitLabel={t('create')}
      form={form}
      initialValues={{ off: 'percent', duration: 'once', plans: [] }}
      error={create.error}
      isPending={create.isPending}
      onSubmit={(fields) => create.mutate({ body: toCouponBody(fields, timeZone), idempotencyKey })}
      onChange={() => setIdempotencyKey(newIdempotencyKey())}
      onClose={onClose}
    >
      <CouponFields />
      <LimitsFields />
    </FormDrawer>
  );
}

export function EditCoupon({ coupon, onClose }: { coupon: Coupon; onClose: () => void }) {
  const t = useTranslations('console.coupons');
  const tUi = useTranslations('ui');
  const timeZone = useTimeZone() ?? 'UTC';
  const [form] = Form.useForm<LimitsForm>();
  const update = useChange('updateCoupon', { refreshes, onDone: onClose });
  return (
    <FormDrawer
      title={t('editTitle', { code: coupon.code })}
      operation="updateCoupon"
      submitLabel={tUi('save')}
      form={form}
      initialValues={limitsFormOf(coupon, timeZone)}
      error={update.error}
      isPending={update.isPending}
      onSubmit={(fields) =>
        update.mutate({
          params: { id: coupon.id },
          body: toLimitsChange(fields, coupon, timeZone),
        })
      }
      onClose={onClose}
    >
      <p className="soft form-note">{t('editNote')}</p>
      <LimitsFields />
    </FormDrawer>
  );
}
