import { useTranslations } from 'use-intl';
import { useChange } from '../../api/use-call.ts';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { useConfirm } from '../forms/use-confirm.ts';
import type { Channel } from './channel-form.ts';

const refreshes = ['listChannels', 'getChannel'] as const;

/** Takes a channel out of use for a while, or for good. */
export function ChannelActions({ channel, onGone }: { channel: Channel; onGone: () => void }) {
  const t = useTranslations('console.channels');
  const confirm = useConfirm();
  const update = useChange('updateChannel', { refreshes });
  const remove = useChange('deleteChannel', { refreshes: ['listChannels'], onDone: onGone });
  const { name } = channel;
  const params = { id: channel.id };
  const isActive = channel.status === 'active';
  const askSwitch = () =>
    confirm({
      title: t(isActive ? 'disableTitle' : 'enableTitle', { name }),
      content: t(isActive ? 'disableNote' : 'enableNote'),
      okText: t(isActive ? 'disable' : 'enable'),
      act: () => update.mutateAsync({ params, body: { status: isActive ? 'disabled' : 'active' } }),
    });
  const askDelete = () =>
    confirm({
      title: t('deleteTitle', { name }),
      content: t('deleteNote'),
      okText: t('delete'),
      isDanger: true,
      act: () => remove.mutateAsync({ params }),
    });
  return (
    <div className="actions">
      <AllowedButton
        operation="updateChannel"
        aria-label={t(isActive ? 'disableNamed' : 'enableNamed', { name })}
        onClick={askSwitch}
      >
        {t(isActive ? 'disable' : 'enable')}
      </AllowedButton>
      <AllowedButton
        operation="deleteChannel"
        danger
        aria-label={t('deleteNamed', { name })}
        onClick={askDelete}
      >
        {t('delete')}
      </AllowedButton>
    </div>
  );
}
