/** What a plan costs: prices, charges, and the rules of changing and ending. */
import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Form, InputNumber, Radio, Select } from 'antd';
import { useTranslations } from 'use-intl';
import { usePages } from '../../api/use-pages.ts';
import { OrganizationSelect } from '../organizations/OrganizationFilter.tsx';
import { ChargesField } from './ChargesField.tsx';
import { OverageField } from './OverageField.tsx';
import { type OfferForm, prorations, refunds } from './offer-form.ts';
import { PricesField } from './PricesField.tsx';

const trialDaysMax = 730;
const plansOfferedMax = 200;

export function OfferFields() {
  const t = useTranslations('console.offer');
  return (
    <>
      <h3 className="form-head">{t('prices')}</h3>
      <PricesField />
      <Form.Item name="trial_days" label={t('trialDays')} extra={t('trialNote')}>
        <InputNumber min={0} max={trialDaysMax} precision={0} className="full" />
      </Form.Item>
      <h3 className="form-head">{t('charges')}</h3>
      <ChargesField />
      <div className="fields">
        <Form.Item name="proration" label={t('proration')}>
          <Select
            options={prorations.map((value) => ({ value, label: t(`prorations.${value}`) }))}
          />
        </Form.Item>
        <Form.Item name="refund" label={t('refund')}>
          <Select options={refunds.map((value) => ({ value, label: t(`refunds.${value}`) }))} />
        </Form.Item>
      </div>
      <OverageField />
      <AddOnField />
      <AudienceFields />
    </>
  );
}

function AddOnField() {
  const t = useTranslations('console.offer');
  const plans = usePages('searchPlans', { query: { limit: plansOfferedMax } });
  const own = (plans.rows ?? []).filter(({ addon_of }) => addon_of === null);
  return (
    <Form.Item name="addon_of" label={t('addOnOf')} extra={t('addOnOfNote')}>
      <Select
        mode="multiple"
        showSearch={{ optionFilterProp: 'label' }}
        placeholder={t('noAddOn')}
        options={own.map(({ slug, name }) => ({ value: slug, label: `${name} (${slug})` }))}
      />
    </Form.Item>
  );
}

function AudienceFields() {
  const t = useTranslations('console.offer');
  const audience = Form.useWatch<OfferForm['audience'] | undefined>('audience');
  return (
    <>
      <Form.Item name="audience" label={t('audience')}>
        <Radio.Group
          vertical
          options={(['public', 'named'] as const).map((value) => ({
            value,
            label: t(`audiences.${value}`),
          }))}
        />
      </Form.Item>
      {audience === 'named' && (
        <Form.List
          name="visible_to"
          rules={[
            {
              validator: async (_, ids: (string | undefined)[] = []) => {
                if (!ids.some((id) => id)) throw new Error(t('audienceRule'));
              },
            },
          ]}
        >
          {(customers, { add, remove }, { errors }) => (
            <div className="pairs form-note">
              {customers.map(({ key, name }) => (
                <div key={key} className="pair pair-single">
                  <Form.Item name={name} noStyle>
                    <OrganizationSelect label={t('customer')} placeholder={t('customer')} />
                  </Form.Item>
                  <Button
                    type="text"
                    icon={<DeleteOutlined />}
                    aria-label={t('removeCustomer', { number: name + 1 })}
                    onClick={() => remove(name)}
                  />
                </div>
              ))}
              <Button icon={<PlusOutlined />} onClick={() => add()}>
                {t('addCustomer')}
              </Button>
              <Form.ErrorList errors={errors} />
            </div>
          )}
        </Form.List>
      )}
    </>
  );
}
