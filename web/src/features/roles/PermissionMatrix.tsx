import { CheckOutlined } from '@ant-design/icons';
import { Fragment, type ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import './roles.css';

/** Permissions about one thing. */
export interface PermissionArea {
  key: string;
  label: string;
  permissions: { key: string; label: string }[];
}

export interface MatrixRole {
  id: string;
  /** What the role is called. */
  name: string;
  people: number;
  permissions: readonly string[];
  actions?: ReactNode;
}

interface PermissionMatrixProps {
  areas: PermissionArea[];
  roles: MatrixRole[];
}

/** What each role allows: a row for every permission, a column for every role. */
export function PermissionMatrix({ areas, roles }: PermissionMatrixProps) {
  const t = useTranslations('teams.roles');
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be in reach of the keyboard
    <section className="matrix" aria-label={t('matrix')} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('permission')}</th>
            {roles.map(({ id, name, people, actions }) => (
              <th key={id} scope="col">
                {name}
                <br />
                <small>{t('people', { count: people })}</small>
                {actions}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {areas.map((area) => (
            <Fragment key={area.key}>
              <tr>
                <th scope="rowgroup" colSpan={roles.length + 1} className="matrix-area">
                  {area.label}
                </th>
              </tr>
              {area.permissions.map((permission) => (
                <PermissionRow key={permission.key} permission={permission} roles={roles} />
              ))}
            </Fragment>
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface PermissionRowProps {
  permission: { key: string; label: string };
  roles: MatrixRole[];
}

function PermissionRow({ permission, roles }: PermissionRowProps) {
  const t = useTranslations('teams.roles');
  return (
    <tr>
      <th scope="row">{permission.label}</th>
      {roles.map(({ id, permissions }) => {
        const isHeld = permissions.includes(permission.key);
        return (
          <td key={id}>
            {isHeld && <CheckOutlined aria-hidden="true" />}
            <span className="unseen">{t(isHeld ? 'held' : 'notHeld')}</span>
          </td>
        );
      })}
    </tr>
  );
}
