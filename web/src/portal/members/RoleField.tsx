import { useQuery } from '@tanstack/react-query';
import { Form, Select } from 'antd';
import { useTranslations } from 'use-intl';
import { reading } from '../../api/use-call.ts';
import { useRoleName } from '../../features/session/role-name.ts';
import { useSession } from '../../features/session/session.ts';

/** Chooses among the organization's roles; one that holds more than the chooser does is there, but out of reach. */
export function RoleField({ organizationId }: { organizationId: string }) {
  const t = useTranslations('teams');
  const roleName = useRoleName();
  const { organization } = useSession();
  const roles = useQuery(reading('listRoles', { params: { id: organizationId } }));
  const own = organization?.permissions ?? [];
  const options = (roles.data?.data ?? []).map(({ id, name, permissions }) => {
    const label = roleName({ role: id, role_name: name });
    const isGivable = permissions.every((permission) => own.includes(permission));
    return {
      value: id,
      label,
      disabled: !isGivable,
      title: isGivable ? label : t('roles.notYours'),
    };
  });
  return (
    <Form.Item name="role" label={t('invitations.role')} rules={[{ required: true }]}>
      <Select loading={roles.isPending} options={options} />
    </Form.Item>
  );
}
