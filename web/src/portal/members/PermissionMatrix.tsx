import { CheckOutlined } from '@ant-design/icons';
import { permissions } from '@sluice/contract/permissions';
import { Fragment, type ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { useRoleName } from '../../features/session/role-name.ts';
import './members.css';
import { areas, inArea } from './areas.ts';
import type { Role } from './RolesPanel.tsx';

interface PermissionMatrixProps {
  roles: Role[];
  /** What can be done with a role of the organization's own. */
  actions: (role: Role) => ReactNode;
}

/** What each role allows: a row for every permission, a column for every role. */
export function PermissionMatrix({ roles, actions }: PermissionMatrixProps) {
  const t = useTranslations('teams.roles');
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be in reach of the keyboard
    <section className="matrix" aria-label={t('matrix')} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('permission')}</th>
            {roles.map((role) => (
              <th key={role.id} scope="col">
                <RoleHead role={role} />
                {!role.built_in && actions(role)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {areas.map((area) => (
            <Fragment key={area}>
              <tr>
                <th scope="rowgroup" colSpan={roles.length + 1} className="matrix-area">
                  {t(`areas.${area}`)}
                </th>
              </tr>
              {permissions.filter(inArea(area)).map((permission) => (
                <PermissionRow key={permission} permission={permission} roles={roles} />
              ))}
            </Fragment>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function RoleHead({ role }: { role: Role }) {
  const t = useTranslations('teams.roles');
  const roleName = useRoleName();
  return (
    <>
      {roleName({ role: role.id, role_name: role.name })}
      <br />
      <small>{t('people', { count: role.people })}</small>
    </>
  );
}

function PermissionRow({
  permission,
  roles,
}: {
  permission: (typeof permissions)[number];
  roles: Role[];
}) {
  const t = useTranslations('teams');
  return (
    <tr>
      <th scope="row">{t(`permissions.${permission}`)}</th>
      {roles.map((role) => {
        const isHeld = role.permissions.includes(permission);
        return (
          <td key={role.id}>
            {isHeld && <CheckOutlined aria-hidden="true" />}
            <span className="unseen">{t(isHeld ? 'roles.held' : 'roles.notHeld')}</span>
          </td>
        );
      })}
    </tr>
  );
}
