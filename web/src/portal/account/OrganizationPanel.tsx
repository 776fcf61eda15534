import { App, Form, Input, Select } from 'antd';
import { useTranslations } from 'use-intl';
import { useChange } from '../../api/use-call.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import { useFormRefusal } from '../../features/errors/form-refusal.ts';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { useRoleName } from '../../features/session/role-name.ts';
import { type Membership, useSession } from '../../features/session/session.ts';
import { Facts } from '../../ui/Facts.tsx';
import { Id } from '../../ui/Id.tsx';
import { Panel } from '../../ui/Panel.tsx';

export function OrganizationPanel() {
  const { organization } = useSession();
  return organization ? <OrganizationForm organization={organization} /> : null;
}

function OrganizationForm({ organization }: { organization: Membership }) {
  const t = useTranslations('account');
  const tUi = useTranslations('ui');
  const roleName = useRoleName();
  const { message } = App.useApp();
  const [form] = Form.useForm<{ name: string; time_zone: string }>();
  const update = useChange('updateOrganization', {
    refreshes: ['getMe', 'getBillingSummary', 'getUsage'],
    onDone: () => void message.success(tUi('saved')),
  });
  const refusal = useFormRefusal(form, update.error);
  return (
    <Panel title={t('organization')}>
      <Facts
        items={[
          { label: 'ID', value: <Id value={organization.id} isShort /> },
          { label: t('role'), value: roleName(organization) },
        ]}
      />
      <Refused error={refusal} />
      <Form
        name="own-organization"
        form={form}
        layout="vertical"
        initialValues={{ name: organization.name, time_zone: organization.time_zone }}
        onFinish={(body) => update.mutate({ params: { id: organization.id }, body })}
      >
        <Form.Item
          name="name"
          label={t('organizationName')}
          rules={[{ required: true, whitespace: true }]}
        >
          <Input maxLength={100} />
        </Form.Item>
        <Form.Item name="time_zone" label={t('timeZone')} extra={t('timeZoneNote')}>
          <Select showSearch options={timeZones(organization.time_zone)} />
        </Form.Item>
        <AllowedButton operation="updateOrganization" htmlType="submit" loading={update.isPending}>
          {tUi('save')}
        </AllowedButton>
      </Form>
    </Panel>
  );
}

/** The browser's list, which may lack "UTC" or the name in use. */
function timeZones(current: string) {
  const names = new Set(['UTC', current, ...Intl.supportedValuesOf('timeZone')]);
  return [...names].map((value) => ({ value, label: value.replaceAll('_', ' ') }));
}
