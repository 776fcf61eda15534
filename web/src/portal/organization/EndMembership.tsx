import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Modal } from 'antd';
import { useTranslations } from 'use-intl';
import { chooseOrganization } from '../../api/acting-organization.ts';
import { useChange } from '../../api/use-call.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import type { Membership } from '../../features/session/session.ts';
import { paths } from '../../paths.ts';

interface EndMembershipProps {
  organization: Membership;
  how: 'leave' | 'close';
  onClose: () => void;
}

/** Asks before one leaves an organization, or closes it. */
export function EndMembership({ organization, how, onClose }: EndMembershipProps) {
  const t = useTranslations('teams.organization');
  const tUi = useTranslations('ui');
  const client = useQueryClient();
  const navigate = useNavigate();
  const onDone = async () => {
    chooseOrganization(undefined);
    await navigate({ to: paths.dashboard });
    await client.resetQueries();
  };
  const leave = useChange('leaveOrganization', { onDone: () => void onDone() });
  const close = useChange('deleteOrganization', { onDone: () => void onDone() });
  const change = how === 'leave' ? leave : close;
  return (
    <Modal
      open
      title={t(`${how}Title`, { name: organization.name })}
      okText={t(how)}
      cancelText={tUi('cancel')}
      okButtonProps={{ danger: true, loading: change.isPending }}
      onOk={() => change.mutate({ params: { id: organization.id } })}
      onCancel={onClose}
    >
      <div className="stack">
        <p>{t(`${how}Note`)}</p>
        <Refused error={change.error} />
      </div>
    </Modal>
  );
}
