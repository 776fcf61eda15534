import type { Operation } from '@sluice/contract';
import { Button, Drawer, Form, type FormInstance } from 'antd';
import { type ReactNode, useId } from 'react';
import { useTranslations } from 'use-intl';
import { Refused } from '../../features/errors/Failure.tsx';
import { useFormRefusal } from '../../features/errors/form-refusal.ts';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';

interface FormDrawerProps<T> {
  title: string;
  operation: Operation;
  submitLabel: string;
  form: FormInstance<T>;
  initialValues: Partial<T>;
  error: Error | null;
  isPending: boolean;
  onSubmit: (fields: T) => void;
  onChange?: () => void;
  onClose: () => void;
  /** For forms with tables in them. */
  isWide?: boolean;
  children: ReactNode;
}

/** A record's form beside its list. A refusal stands at its field, or above them all. */
export function FormDrawer<T extends object>({
  title,
  operation,
  submitLabel,
  form,
  initialValues,
  error,
  isPending,
  onSubmit,
  onChange,
  onClose,
  isWide = false,
  children,
}: FormDrawerProps<T>) {
  const tUi = useTranslations('ui');
  const id = useId();
  const refusal = useFormRefusal(form, error);
  return (
    <Drawer
      open
      size={isWide ? 760 : 560}
      title={title}
      // A click beside the form must not lose what was typed.
      mask={{ closable: false }}
      onClose={onClose}
      footer={
        <div className="actions">
          <AllowedButton
            operation={operation}
            type="primary"
            htmlType="submit"
            form={id}
            loading={isPending}
          >
            {submitLabel}
          </AllowedButton>
          <Button onClick={onClose}>{tUi('cancel')}</Button>
        </div>
      }
    >
      <div className="stack">
        <Refused error={refusal} />
        <Form
          id={id}
          form={form}
          layout="vertical"
          initialValues={initialValues}
          onFinish={onSubmit}
          onValuesChange={onChange}
          scrollToFirstError
        >
          {children}
        </Form>
      </div>
    </Drawer>
  );
}
