import { Form, Select } from 'antd';
import { useTranslations } from 'use-intl';
import { usePages } from '../../api/use-pages.ts';

export function ModelsField() {
  const t = useTranslations('keys');
  const models = usePages('listModels', { query: { limit: 200 } });
  return (
    <Form.Item name="allowed_models" label={t('models')} extra={t('modelsNote')}>
      <Select
        mode="multiple"
        placeholder={t('modelsPlaceholder')}
        loading={!models.rows && !models.error}
        options={models.rows?.map(({ model }) => ({ value: model, label: model })) ?? []}
      />
    </Form.Item>
  );
}
