import { PlusOutlined } from '@ant-design/icons';
import { Button, Form, Input, InputNumber } from 'antd';
import { useTimeZone, useTranslations } from 'use-intl';
import { CurrencyField } from '../forms/CurrencyField.tsx';
import { amountPattern } from '../forms/rules.ts';
import type { ModelPrice, Position } from './columns.tsx';
import { serviceTiers } from './price-form.ts';

interface ModelPriceFieldsProps {
  isModelFixed: boolean;
  from: ModelPrice | null;
}

export function ModelPriceFields({ isModelFixed, from }: ModelPriceFieldsProps) {
  const t = useTranslations('console.models');
  const timeZone = useTimeZone() ?? 'UTC';
  return (
    <>
      <div className="fields">
        <Form.Item
          name="model"
          label={t('model')}
          rules={[{ required: true, whitespace: true, message: t('modelRule') }]}
        >
          <Input maxLength={200} disabled={isModelFixed} placeholder="gpt-4o-mini" />
        </Form.Item>
        <CurrencyField />
      </div>
      <TermsFields from={from} />
      <LimitFields />
      <Form.Item
        name="effective_from"
        label={t('effectiveFrom')}
        extra={t('effectiveFromNote', { timeZone })}
      >
        <Input type="datetime-local" />
      </Form.Item>
    </>
  );
}

type Terms = Pick<ModelPrice, 'prices' | 'tiers' | 'service_tiers'>;

/** What is charged; `from` is what the form begins with, so that what is set is seen. */
export function TermsFields({ from }: { from: Terms | null }) {
  const t = useTranslations('console.models');
  return (
    <>
      <h3 className="form-note">{t('perMillion')}</h3>
      <PositionFields path={['prices']} set={from?.prices} />
      <TierFields from={from} />
      <ServiceTierFields from={from} />
    </>
  );
}

/** What callers are held to, and told. */
export function LimitFields() {
  const t = useTranslations('console.models');
  return (
    <div className="fields">
      <Form.Item name="max_output_tokens" label={t('maxOutput')} extra={t('maxOutputNote')}>
        <InputNumber min={1} max={100_000_000} precision={0} className="full" />
      </Form.Item>
      <Form.Item name="context_window" label={t('context')} extra={t('contextNote')}>
        <InputNumber min={1} max={100_000_000} precision={0} className="full" />
      </Form.Item>
    </div>
  );
}

const firstPositions = ['input', 'cached_input', 'output'] as const;
const morePositions = [
  'cache_write',
  'cache_write_1h',
  'reasoning',
  'image',
  'image_output',
  'audio_input',
  'audio_output',
  'request',
  'search',
] as const;
const requiredPositions: readonly Position[] = ['input', 'output'];

interface PositionFieldsProps {
  /** Where the prices are, as the form list names them. */
  path: (string | number)[];
  set: { [P in Position]?: string | undefined } | undefined;
  /** Of what only differs from other prices, none is needed. */
  isPartial?: boolean;
}

function PositionFields({ path, set, isPartial = false }: PositionFieldsProps) {
  const t = useTranslations('console.models');
  const tForms = useTranslations('console.forms');
  const field = (position: Position) => (
    <Form.Item
      key={position}
      name={[...path, position]}
      label={t(`positions.${position}`)}
      rules={[
        {
          required: !isPartial && requiredPositions.includes(position),
          pattern: amountPattern,
          message: tForms('amountRule'),
        },
      ]}
    >
      <Input inputMode="decimal" autoComplete="off" />
    </Form.Item>
  );
  const hasMore = morePositions.some((position) => set?.[position] !== undefined);
  return (
    <>
      <div className="fields">{firstPositions.map(field)}</div>
      <details className="more-fields" open={hasMore}>
        <summary>{t('morePositions')}</summary>
        <p className="soft">{t('morePositionsNote')}</p>
        <div className="fields">{morePositions.map(field)}</div>
      </details>
    </>
  );
}

const tiersMax = 10;

function TierFields({ from }: { from: Terms | null }) {
  const t = useTranslations('console.models');
  return (
    <Form.List name="tiers">
      {(tiers, { add, remove }) => (
        <>
          {tiers.map(({ key, name }) => (
            <fieldset key={key} className="tier-form">
              <legend>{t('tier')}</legend>
              <Form.Item
                name={[name, 'above_input_tokens']}
                label={t('above')}
                rules={[{ required: true, message: t('aboveRule') }]}
              >
                <InputNumber min={1} precision={0} className="full" />
              </Form.Item>
              <PositionFields path={[name, 'prices']} set={from?.tiers[name]?.prices} />
              <Button size="small" onClick={() => remove(name)}>
                {t('removeTier')}
              </Button>
            </fieldset>
          ))}
          <Form.Item extra={t('tierNote')}>
            <Button
              icon={<PlusOutlined />}
              disabled={tiers.length >= tiersMax}
              onClick={() => add({ prices: {} })}
            >
              {t('addTier')}
            </Button>
          </Form.Item>
        </>
      )}
    </Form.List>
  );
}

function ServiceTierFields({ from }: { from: Terms | null }) {
  const t = useTranslations('console.models');
  const isSet = from !== null && Object.keys(from.service_tiers).length > 0;
  return (
    <details className="more-fields" open={isSet}>
      <summary>{t('serviceTiers')}</summary>
      <p className="soft">{t('serviceTiersNote')}</p>
      {serviceTiers.map((tier) => (
        <fieldset key={tier} className="tier-form">
          <legend>{t(`serviceTier.${tier}`)}</legend>
          <PositionFields
            path={['service_tiers', tier]}
            set={from?.service_tiers[tier]}
            isPartial
          />
        </fieldset>
      ))}
    </details>
  );
}
