/** Lines of an invoice as a small table. */
import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Checkbox, Form, Input } from 'antd';
import { useTranslations } from 'use-intl';
import { useAmountText } from '../../ui/Amount.tsx';
import { currencyPattern } from '../forms/rules.ts';
import {
  emptyLine,
  type InvoiceForm,
  quantityPattern,
  subtotalOf,
  unitAmountPattern,
} from './invoice-form.ts';

const linesMax = 100;
const columns = ['description', 'quantity', 'unit_amount', 'taxed'] as const;

export function LinesField() {
  const t = useTranslations('console.writeInvoice');
  return (
    <Form.List name="lines">
      {(lines, { add, remove }) => (
        <div className="tiers line-table">
          <table className="tier-table" aria-label={t('lines')}>
            <thead>
              <tr>
                {columns.map((column) => (
                  <th key={column} scope="col">
                    {t(`columns.${column}`)}
                  </th>
                ))}
                <th scope="col">
                  <span className="unseen">{t('remove')}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {lines.map(({ key, name }) => (
                <LineRow
                  key={key}
                  index={name}
                  onRemove={lines.length === 1 ? undefined : () => remove(name)}
                />
              ))}
            </tbody>
          </table>
          <Button
            className="tier-add"
            size="small"
            icon={<PlusOutlined />}
            disabled={lines.length >= linesMax}
            onClick={() => add(emptyLine)}
          >
            {t('addLine')}
          </Button>
          <Sum />
        </div>
      )}
    </Form.List>
  );
}

interface LineRowProps {
  index: number;
  /** Undefined for the only line. */
  onRemove: (() => void) | undefined;
}

function LineRow({ index, onRemove }: LineRowProps) {
  const t = useTranslations('console.writeInvoice');
  const labelOf = (column: (typeof columns)[number]) =>
    t('cell', { what: t(`columns.${column}`), number: index + 1 });
  return (
    <tr>
      <td data-label={t('columns.description')}>
        <Form.Item
          name={[index, 'description']}
          rules={[{ required: true, whitespace: true, message: t('descriptionRule') }]}
        >
          <Input maxLength={500} aria-label={labelOf('description')} />
        </Form.Item>
      </td>
      <td data-label={t('columns.quantity')}>
        <Form.Item
          name={[index, 'quantity']}
          rules={[{ pattern: quantityPattern, message: t('numberRule') }]}
        >
          <Input inputMode="decimal" autoComplete="off" aria-label={labelOf('quantity')} />
        </Form.Item>
      </td>
      <td data-label={t('columns.unit_amount')}>
        <Form.Item
          name={[index, 'unit_amount']}
          rules={[{ required: true, pattern: unitAmountPattern, message: t('numberRule') }]}
        >
          <Input inputMode="decimal" autoComplete="off" aria-label={labelOf('unit_amount')} />
        </Form.Item>
      </td>
      <td data-label={t('columns.taxed')}>
        <Form.Item name={[index, 'taxed']} valuePropName="checked">
          <Checkbox aria-label={labelOf('taxed')} />
        </Form.Item>
      </td>
      <td>
        <Button
          type="text"
          icon={<DeleteOutlined />}
          aria-label={t('removeNumbered', { number: index + 1 })}
          disabled={!onRemove}
          onClick={onRemove}
        />
      </td>
    </tr>
  );
}

function Sum() {
  const t = useTranslations('console.writeInvoice');
  const amountText = useAmountText();
  const lines = Form.useWatch<InvoiceForm['lines'] | undefined>('lines') ?? [];
  const currency = Form.useWatch<string | undefined>('currency') ?? '';
  const sum = subtotalOf(lines);
  if (sum === undefined || !currencyPattern.test(currency)) return null;
  return <p>{t('sum', { amount: amountText(sum, currency, { isExact: true }) })}</p>;
}
