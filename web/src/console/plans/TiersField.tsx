/** Tiers of a charge as a small table: each ends at its bound, the last has none. */
import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Checkbox, Form, Input } from 'antd';
import { useTranslations } from 'use-intl';

interface TiersFieldProps {
  /** Where the charge stands in its list. */
  index: number;
  /** Whether the prices of the tiers are shares of the amount. */
  isPercentage: boolean;
}

const tiersMax = 50;
const columns = ['up_to', 'unit_amount', 'flat_amount', 'per'] as const;
const decimalPattern = /^(0|[1-9]\d*)(\.\d{1,18})?$/;

export function TiersField({ index, isPercentage }: TiersFieldProps) {
  const t = useTranslations('console.offer');
  const labelOf = (column: (typeof columns)[number]) =>
    t(column === 'unit_amount' && isPercentage ? 'tiers.rate' : `tiers.${column}`);
  return (
    <Form.List name={[index, 'tiers']}>
      {(tiers, { add, remove }) => (
        <div className="tiers">
          <table className="tier-table">
            <thead>
              <tr>
                {columns.map((column) => (
                  <th key={column} scope="col">
                    {labelOf(column)}
                  </th>
                ))}
                <th scope="col">
                  <span className="unseen">{t('tiers.remove')}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {tiers.map(({ key, name }) => (
                <tr key={key}>
                  {columns.map((column) => (
                    <td key={column} data-label={labelOf(column)}>
                      <TierCell
                        name={[name, column]}
                        label={t('tiers.cell', { what: labelOf(column), number: name + 1 })}
                        placeholder={
                          column === 'up_to' && name === tiers.length - 1 ? t('tiers.open') : ''
                        }
                        isRequired={
                          column === 'unit_amount' ||
                          (column === 'up_to' && name < tiers.length - 1)
                        }
                      />
                    </td>
                  ))}
                  <td>
                    <Button
                      type="text"
                      icon={<DeleteOutlined />}
                      aria-label={t('tiers.removeNumbered', { number: name + 1 })}
                      disabled={tiers.length === 1}
                      onClick={() => remove(name)}
                    />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          <Button
            className="tier-add"
            size="small"
            icon={<PlusOutlined />}
            disabled={tiers.length >= tiersMax}
            // A new tier goes before the last, which stays without a bound.
            onClick={() => add({}, Math.max(0, tiers.length - 1))}
          >
            {t('tiers.add')}
          </Button>
          <p className="soft">{t('tiers.note')}</p>
          <Form.Item name={[index, 'charge_flat_at_zero']} valuePropName="checked" noStyle>
            <Checkbox>{t('tiers.atZero')}</Checkbox>
          </Form.Item>
        </div>
      )}
    </Form.List>
  );
}

interface TierCellProps {
  name: (string | number)[];
  label: string;
  placeholder: string;
  isRequired: boolean;
}

function TierCell({ name, label, placeholder, isRequired }: TierCellProps) {
  const t = useTranslations('console.offer');
  return (
    <Form.Item
      name={name}
      rules={[{ required: isRequired, pattern: decimalPattern, message: t('tiers.rule') }]}
    >
      <Input inputMode="decimal" autoComplete="off" aria-label={label} placeholder={placeholder} />
    </Form.Item>
  );
}
