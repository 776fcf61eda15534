import { App, Form } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { newIdempotencyKey } from '../../api/idempotency-key.ts';
import { useChange } from '../../api/use-call.ts';
import { useAmountText } from '../../ui/Amount.tsx';
import { FormDrawer } from '../forms/FormDrawer.tsx';
import { type ChosenFile, FileField } from './FileField.tsx';
import { type Fapiao, fapiaoReads } from './fapiao.ts';
import { NumberFields } from './NumberFields.tsx';

interface IssueForm {
  number: string;
  code?: string;
  issued_on: string;
  file: ChosenFile;
}

/** Number, day and file of a fapiao that was issued; what was recorded before may be corrected. */
export function IssueDrawer({ fapiao, onClose }: { fapiao: Fapiao; onClose: () => void }) {
  const t = useTranslations('console.fapiao');
  const tOwn = useTranslations('fapiao');
  const { message } = App.useApp();
  const [form] = Form.useForm<IssueForm>();
  const [idempotencyKey, setIdempotencyKey] = useState(newIdempotencyKey);
  const amount = useAmountText()(fapiao.amount, fapiao.currency, { isExact: true });
  const issue = useChange('issueFapiao', {
    refreshes: fapiaoReads,
    onDone: () => {
      void message.success(t('issueDone'));
      onClose();
    },
  });
  const submit = ({ code, file, ...fields }: IssueForm) =>
    issue.mutate({
      params: { id: fapiao.id },
      body: {
        ...fields,
        amount: fapiao.amount,
        ...(code && { code }),
        file: { format: file.format, content: file.content },
      },
      idempotencyKey,
    });
  return (
    <FormDrawer
      title={t('issueTitle', { amount })}
      operation="issueFapiao"
      submitLabel={t('issue')}
      form={form}
      initialValues={{
        ...(fapiao.number && { number: fapiao.number }),
        ...(fapiao.code && { code: fapiao.code }),
        ...(fapiao.issued_on && { issued_on: fapiao.issued_on }),
      }}
      error={issue.error}
      isPending={issue.isPending}
      onSubmit={submit}
      onChange={() => setIdempotencyKey(newIdempotencyKey())}
      onClose={onClose}
    >
      <p className="soft form-note">{t('issueNote', { name: fapiao.title.name })}</p>
      <NumberFields day="issued_on" dayLabel={tOwn('issuedOn')} />
      <FileField />
    </FormDrawer>
  );
}
