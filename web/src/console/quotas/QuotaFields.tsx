/** Quotas as plans, packages and overrides are given them: a meter, a window, and what happens at the limit. */
import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Form, Input, Select } from 'antd';
import { useTranslations } from 'use-intl';
import { usePages } from '../../api/use-pages.ts';
import { useDeployment } from '../../features/deployment/deployment.ts';
import { useMeterName } from '../../features/quotas/meter-name.ts';
import { amountPattern } from '../forms/rules.ts';
import type { Meter } from '../meters/MeterTable.tsx';
import { anchoredWindows, canRefuse, type QuotaForm, windows } from './quota-form.ts';

const metersOfferedMax = 200;
const quotasMax = 50;

/** Meters that quotas may name, by their reference. */
function useMeters(): Meter[] {
  const query = { status: 'active', limit: metersOfferedMax } as const;
  return usePages('listMeters', { query }).rows ?? [];
}

export function QuotasField() {
  const t = useTranslations('console.quotaFields');
  return (
    <Form.List name="quotas">
      {(quotas, { add, remove }) => (
        <>
          {quotas.length === 0 && <p className="soft form-note">{t('none')}</p>}
          {quotas.map(({ key, name }) => (
            <fieldset key={key} className="tier-form">
              <legend>{t('quota', { number: name + 1 })}</legend>
              <QuotaFields path={['quotas', name]} inList={[name]} />
              <Button size="small" icon={<DeleteOutlined />} onClick={() => remove(name)}>
                {t('remove')}
              </Button>
            </fieldset>
          ))}
          <Form.Item>
            <Button
              icon={<PlusOutlined />}
              disabled={quotas.length >= quotasMax}
              onClick={() => add({ window: 'month', anchor: 'calendar', at_limit: 'refuse' })}
            >
              {t('add')}
            </Button>
          </Form.Item>
        </>
      )}
    </Form.List>
  );
}

type Path = (string | number)[];

interface QuotaFieldsProps {
  /** Where the quota stands in the form's values. */
  path: Path;
  /** The same as the list around it counts; like `path` where there is none. */
  inList?: Path;
}

export function QuotaFields({ path, inList = path }: QuotaFieldsProps) {
  const t = useTranslations('console.quotaFields');
  const meters = useMeters();
  const meterName = useMeterName();
  const quota = Form.useWatch<Partial<QuotaForm> | undefined>(path) ?? {};
  const meter = meters.find(({ reference }) => reference === quota.meter);
  const isLevel = meter?.kind === 'level';
  const canAnchor = anchoredWindows.some((window) => window === quota.window);
  const fitTo = useFitting(path, meters);
  return (
    <>
      <Form.Item
        name={[...inList, 'meter']}
        label={t('meter')}
        rules={[{ required: true, message: t('meterRule') }]}
      >
        <Select
          showSearch={{ optionFilterProp: 'label' }}
          onChange={fitTo}
          options={meters.map(({ reference, name, application }) => ({
            value: reference,
            label: application === null ? meterName(reference) : `${name} (${reference})`,
          }))}
        />
      </Form.Item>
      <div className="fields">
        <Form.Item
          name={[...inList, 'window']}
          label={t('window')}
          rules={[{ required: true, message: t('windowRule') }]}
        >
          <Select
            options={windows.map((value) => ({
              value,
              label: t(`windows.${value}`),
              disabled: isLevel && value !== 'lifetime',
            }))}
          />
        </Form.Item>
        {canAnchor && (
          <Form.Item name={[...inList, 'anchor']} label={t('anchor')}>
            <Select
              options={(['calendar', 'subscription'] as const).map((value) => ({
                value,
                label: t(`anchors.${value}`),
              }))}
            />
          </Form.Item>
        )}
      </div>
      <LimitFields inList={inList} quota={quota} meter={meter} />
    </>
  );
}

/** A chosen meter decides what its quotas can be: of a level only in total, and not every one can refuse. */
function useFitting(path: Path, meters: Meter[]): (reference: string) => void {
  const form = Form.useFormInstance();
  return (reference) => {
    const meter = meters.find((known) => known.reference === reference);
    if (meter?.kind === 'level') form.setFieldValue([...path, 'window'], 'lifetime');
    if (meter && !canRefuse(meter.aggregation)) form.setFieldValue([...path, 'at_limit'], 'record');
  };
}

interface LimitFieldsProps {
  inList: Path;
  quota: Partial<QuotaForm>;
  meter: Meter | undefined;
}

function LimitFields({ inList, quota, meter }: LimitFieldsProps) {
  const t = useTranslations('console.quotaFields');
  const deployment = useDeployment();
  const unit = meter?.unit ?? 'count';
  // Only a plan's form has it.
  const overage = Form.useWatch<string | undefined>('overage');
  const sellsMore = overage === 'wallet' || overage === 'invoice';
  return (
    <div className="fields">
      <Form.Item name={[...inList, 'at_limit']} label={t('atLimit')}>
        <Select
          options={(['refuse', 'record', 'unlimited'] as const).map((value) => ({
            value,
            label: t(`atLimits.${value}`),
            disabled: value === 'refuse' && meter !== undefined && !canRefuse(meter.aggregation),
          }))}
        />
      </Form.Item>
      {quota.at_limit !== 'unlimited' && (
        <Form.Item
          name={[...inList, 'limit']}
          label={t('limit')}
          rules={[{ required: true, pattern: amountPattern, message: t('limitRule') }]}
        >
          <Input
            inputMode="decimal"
            autoComplete="off"
            suffix={
              <span className="soft">
                {unit === 'money' ? deployment?.usage_currency : t(`limitIn.${unit}`)}
              </span>
            }
          />
        </Form.Item>
      )}
      {sellsMore && quota.at_limit !== 'unlimited' && (
        <Form.Item
          name={[...inList, 'overage_price']}
          label={t('overagePrice')}
          rules={[{ pattern: amountPattern, message: t('limitRule') }]}
        >
          <Input inputMode="decimal" autoComplete="off" placeholder={t('notSold')} />
        </Form.Item>
      )}
    </div>
  );
}
