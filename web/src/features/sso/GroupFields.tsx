/** Which groups of a provider give which role. */
import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Form, Input, Select } from 'antd';
import { useTranslations } from 'use-intl';

interface GroupFieldsProps {
  /** The only organization that the groups may be about; left out, each names one, and the deployment's roles as well. */
  organizationId?: string;
}

export function GroupFields({ organizationId }: GroupFieldsProps) {
  const t = useTranslations('sso.groups');
  const isOfDeployment = organizationId === undefined;
  return (
    <fieldset>
      <legend>{t('title')}</legend>
      <Form.Item>
        <span className="soft">{t('note')}</span>
      </Form.Item>
      {isOfDeployment &&
        (['admin_groups', 'operator_groups'] as const).map((name) => (
          <Form.Item key={name} name={['settings', name]} label={t(name)}>
            <Select mode="tags" open={false} suffixIcon={null} tokenSeparators={[';']} />
          </Form.Item>
        ))}
      <Form.List name={['settings', 'organization_groups']}>
        {(rows, { add, remove }) => (
          <div className="stack-tight">
            {rows.map(({ key, name }) => (
              <GroupRow
                key={key}
                place={name}
                asksOrganization={isOfDeployment}
                onRemove={() => remove(name)}
              />
            ))}
            <Form.Item>
              <Button
                icon={<PlusOutlined />}
                onClick={() => add({ organization: organizationId, role: 'member' })}
              >
                {t('add')}
              </Button>
            </Form.Item>
          </div>
        )}
      </Form.List>
    </fieldset>
  );
}

function GroupRow({
  place,
  asksOrganization,
  onRemove,
}: {
  place: number;
  asksOrganization: boolean;
  onRemove: () => void;
}) {
  const t = useTranslations('sso.groups');
  const tFields = useTranslations('sso.fields');
  const rules = [{ required: true, message: tFields('required') }];
  const roles = (['admin', 'billing', 'member'] as const).map((value) => ({
    value,
    label: t(`roles.${value}`),
  }));
  return (
    <div className="actions">
      <Form.Item name={[place, 'group']} label={t('group')} rules={rules}>
        <Input />
      </Form.Item>
      <Form.Item
        name={[place, 'organization']}
        label={t('organization')}
        rules={rules}
        hidden={!asksOrganization}
      >
        <Input placeholder="org_…" />
      </Form.Item>
      <Form.Item name={[place, 'role']} label={t('role')} rules={rules}>
        <Select options={roles} />
      </Form.Item>
      <Button icon={<DeleteOutlined />} aria-label={t('remove')} onClick={onRemove} />
    </div>
  );
}
