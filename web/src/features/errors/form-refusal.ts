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
  const param = error instanceof ApiError ? error.param : undefined;
  const hasField = param !== undefined && isFieldOf(form, param);
  const text = error && errorText(error);
  useEffect(() => {
    if (!hasField || !text) return;
    form.setFields([{ name: pathOf(param), errors: [text] }]);
    form.scrollToField(pathOf(param), { block: 'center' });
  }, [form, param, hasField, text]);
  return hasField ? null : error;
}

function isFieldOf(form: FormInstance, param: string): boolean {
  return form.getFieldsError().some(({ name }) => name.join('.') === param);
}

/** "tiers.0.prices.input" as forms name it. */
function pathOf(param: string): (string | number)[] {
  return param.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}
