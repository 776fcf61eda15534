import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Button } from 'antd';
import { useTranslations } from 'use-intl';
import { chooseOrganization } from '../../api/acting-organization.ts';
import type { Answer } from '../../api/call.ts';
import { useChange } from '../../api/use-call.ts';
import { supportWords } from '../../i18n/messages.ts';
import { paths } from '../../paths.ts';
import { When } from '../../ui/When.tsx';
import { ButtonLink } from '../navigation/ButtonLink.tsx';
import { WithWords } from '../words/WithWords.tsx';
import './support.css';

interface SupportNoticeProps {
  visit: Answer<'listSupportSessions'>['data'][number];
  organization: string;
}

export function SupportNotice(props: SupportNoticeProps) {
  return (
    <WithWords words={supportWords}>
      <Notice {...props} />
    </WithWords>
  );
}

function Notice({ visit, organization }: SupportNoticeProps) {
  const t = useTranslations('support');
  const { reason, ends_at, operator } = visit;
  const when = () => <When at={ends_at} />;
  return (
    <div className="support-notice" role="status">
      <span>
        {visit.own
          ? t.rich('actingOwn', { organization, reason, when })
          : t.rich('actingOther', { name: operator.name, reason, when })}
      </span>
      {visit.own ? (
        <EndButton organization={visit.organization} />
      ) : (
        <ButtonLink size="small" to={paths.organization} search={{ tab: 'support' }}>
          {t('toPage')}
        </ButtonLink>
      )}
    </div>
  );
}

/** Ends it, and leaves the customer's pages for the console. */
function EndButton({ organization }: { organization: string }) {
  const t = useTranslations('support');
  const client = useQueryClient();
  const navigate = useNavigate();
  const end = useChange('endSupportSession', {
    onDone: async () => {
      chooseOrganization(undefined);
      await navigate({ to: paths.consoleOrganization, params: { id: organization } });
      // Who one is stays known: the page that one goes to asks for it.
      await client.resetQueries({ predicate: ({ queryKey: [name] }) => name !== 'getMe' });
      await client.invalidateQueries({ queryKey: ['getMe'] });
    },
  });
  return (
    <Button
      size="small"
      loading={end.isPending}
      onClick={() => end.mutate({ params: { id: organization } })}
    >
      {t('end')}
    </Button>
  );
}
