import { Form } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { newIdempotencyKey } from '../../api/idempotency-key.ts';
import { useChange } from '../../api/use-call.ts';
import { FormDrawer } from '../forms/FormDrawer.tsx';
import { LimitFields, TermsFields } from './ModelPriceFields.tsx';
import { type TermsForm, termsFormOf, toTerms } from './price-form.ts';
import { type PriceUpdate, refreshedByUpdates } from './price-update.ts';

interface EditUpdateProps {
  update: PriceUpdate;
  /** What was published. */
  terms: NonNullable<PriceUpdate['after']>;
  onClose: () => void;
}

/** A published price, changed before it is put into the book. */
export function EditUpdate({ update, terms, onClose }: EditUpdateProps) {
  const t = useTranslations('console.modelPrices');
  const [form] = Form.useForm<TermsForm>();
  const [idempotencyKey, setIdempotencyKey] = useState(newIdempotencyKey);
  const accept = useChange('acceptPriceUpdates', {
    refreshes: refreshedByUpdates,
    onDone: onClose,
  });
  return (
    <FormDrawer
      title={t('editUpdate', { model: update.model })}
      operation="acceptPriceUpdates"
      submitLabel={t('acceptEdited')}
      form={form}
      initialValues={termsFormOf(terms)}
      error={accept.error}
      isPending={accept.isPending}
      onSubmit={(fields) =>
        accept.mutate({
          body: { updates: [{ id: update.id, price: toTerms(fields) }] },
          idempotencyKey,
        })
      }
      onChange={() => setIdempotencyKey(newIdempotencyKey())}
      onClose={onClose}
    >
      <p className="soft form-note">{t('editUpdateNote')}</p>
      <TermsFields from={terms} />
      <LimitFields />
    </FormDrawer>
  );
}
