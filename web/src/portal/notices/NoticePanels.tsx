/** Beside whom an organization tells: the chats that it has connected, its low balance, and what became of it all. */
import { useRefusalOf } from '../../features/session/allowed.ts';
import { WithWords } from '../../features/words/WithWords.tsx';
import { noticeWords } from '../../i18n/messages.ts';
import { ChatsPanel } from './ChatsPanel.tsx';
import { LowBalancePanel } from './LowBalancePanel.tsx';
import { TellingsPanel } from './TellingsPanel.tsx';

export function NoticePanels({ organizationId }: { organizationId: string }) {
  const refusalOf = useRefusalOf();
  return (
    <WithWords words={noticeWords}>
      {!refusalOf('getLowBalance') && <LowBalancePanel organizationId={organizationId} />}
      {!refusalOf('listNoticeDestinations') && <ChatsPanel />}
      {!refusalOf('listNoticeTellings') && <TellingsPanel organizationId={organizationId} />}
    </WithWords>
  );
}
