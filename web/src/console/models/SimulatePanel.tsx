import { useQuery } from '@tanstack/react-query';
import { Checkbox, Form, Input, Select } from 'antd';
import { useTranslations } from 'use-intl';
import { useChange } from '../../api/use-call.ts';
import { usePages } from '../../api/use-pages.ts';
import { Failure, Refused } from '../../features/errors/Failure.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Panel } from '../../ui/Panel.tsx';
import type { ModelPrice } from './columns.tsx';
import { TermsFields } from './ModelPriceFields.tsx';
import { multiplierPattern } from './multiplier-rule.ts';
import { type TermsForm, termsFormOf, toTerms } from './price-form.ts';
import { priceInForce } from './price-in-force.ts';
import { SimulationResult } from './SimulationResult.tsx';
import { useModelsSearch } from './use-models-search.ts';

/** What other prices would have done to the last 30 days. Nothing is changed. */
export function SimulatePanel() {
  const t = useTranslations('console.modelPrices');
  const { search, change } = useModelsSearch();
  const { model } = search;
  const priced = usePages('searchModelPrices', { query: { limit: 200 } });
  const current = useQuery({ ...priceInForce(model ?? ''), enabled: model !== undefined });
  return (
    <Panel title={t('simulate')} note={t('simulateNote')}>
      <Select
        className="filter"
        aria-label={t('chooseModel')}
        placeholder={t('chooseModel')}
        showSearch
        value={model ?? null}
        options={priced.rows?.map((row) => ({ value: row.model, label: row.model })) ?? []}
        onChange={(chosen: string | null) => change({ model: chosen ?? '' })}
      />
      {current.error && <Failure error={current.error} />}
      {model && current.isPending && <Loading rows={5} />}
      {current.data && <Trial key={current.data.id} price={current.data} />}
    </Panel>
  );
}

interface TrialForm extends TermsForm {
  multiplier?: string;
  moves_cost?: boolean;
}

function Trial({ price }: { price: ModelPrice }) {
  const t = useTranslations('console.modelPrices');
  const [form] = Form.useForm<TrialForm>();
  const simulate = useChange('simulateModelPrice');
  const run = ({ multiplier, moves_cost, ...fields }: TrialForm) =>
    simulate.mutate({
      body: {
        model: price.model,
        ...toTerms(fields),
        ...(multiplier && { multiplier }),
        ...(moves_cost && { moves_cost }),
      },
    });
  return (
    <div className="stack">
      <Refused error={simulate.error} />
      {simulate.data && <SimulationResult simulation={simulate.data} />}
      <Form form={form} layout="vertical" initialValues={termsFormOf(price)} onFinish={run}>
        <TermsFields from={price} />
        <Form.Item
          name="multiplier"
          label={t('otherMultiplier')}
          extra={t('otherMultiplierNote')}
          rules={[{ pattern: multiplierPattern, message: t('multiplierRule') }]}
        >
          <Input inputMode="decimal" autoComplete="off" />
        </Form.Item>
        <Form.Item name="moves_cost" valuePropName="checked">
          <Checkbox>{t('movesCost')}</Checkbox>
        </Form.Item>
        <AllowedButton
          operation="simulateModelPrice"
          type="primary"
          htmlType="submit"
          loading={simulate.isPending}
        >
          {t('run')}
        </AllowedButton>
      </Form>
    </div>
  );
}
