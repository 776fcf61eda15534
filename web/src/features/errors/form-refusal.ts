import type { FormInstance } from 'antd';
import { useEffect } from 'react';
import { ApiError } from '../../api/api-error.ts';
import { useErrorText } from './error-text.ts';

/**
 * Puts a refusal at the field it is about. Fields carry the contract's own names, so `param` finds them; what has no
 * field is returned, to be shown above the form.
 */
export function useFormRefusal(form: FormInstance, error: Error | null): Error | null {
  const errorText = useErrorText();
  const field = error instanceof ApiError && error.param ? error.param : undefined;
  const hasField = field !== undefined && form.getFieldInstance(field) !== undefined;
  const text = error && errorText(error);
  useEffect(() => {
    if (hasField && text) form.setFields([{ name: field, errors: [text] }]);
  }, [form, field, hasField, text]);
  return hasField ? null : error;
}
