import { Form, Select } from 'antd';
import { useTranslations } from 'use-intl';
import { usePages } from '../../api/use-pages.ts';
import { useCostCenterOptions } from '../../features/costs/use-cost-center-options.ts';
import { isAllowed } from '../../features/session/allowed.ts';
import { useSession } from '../../features/session/session.ts';

/** Who holds a key and what it is booked under: for those who manage members, nobody else sees it. */
export function AssignmentFields() {
  const t = useTranslations('costs.keys');
  const session = useSession();
  const mayAssign = isAllowed('assignMember', session);
  const members = usePages(
    'listMembers',
    { params: { id: session.organization?.id ?? '' }, query: { limit: 200 } },
    { enabled: mayAssign },
  );
  const centers = useCostCenterOptions();
  if (!mayAssign) return null;
  const people = (members.rows ?? []).map(({ id, name, email }) => ({
    value: id,
    label: name ? `${name} (${email})` : email,
  }));
  return (
    <div className="field-row">
      <Form.Item name="user" label={t('holder')}>
        <Select
          showSearch={{ optionFilterProp: 'label' }}
          loading={members.rows === undefined}
          options={people}
        />
      </Form.Item>
      <Form.Item name="cost_center" label={t('costCenter')}>
        <Select
          allowClear
          showSearch={{ optionFilterProp: 'label' }}
          placeholder={t('inherits')}
          options={centers}
        />
      </Form.Item>
    </div>
  );
}
