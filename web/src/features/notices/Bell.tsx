/** How much one has not read yet, on every page of the portal. */
import { BellOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { reading } from '../../api/use-call.ts';
import { paths } from '../../paths.ts';
import { isAllowed } from '../session/allowed.ts';
import { useSession } from '../session/session.ts';
import './bell.css';

const pauseMs = 30_000;
/** As far as the server counts. */
const countMax = 100;

export function Bell() {
  const t = useTranslations('layout');
  const session = useSession();
  const isShown = isAllowed('countNotices', session);
  const count = useQuery({
    ...reading('countNotices'),
    enabled: isShown,
    refetchInterval: pauseMs,
  });
  if (!isShown) return null;
  const unread = count.data?.unread ?? 0;
  return (
    <Link to={paths.notices} className="bell" aria-label={t('notices', { count: unread })}>
      <BellOutlined aria-hidden="true" />
      {unread > 0 && (
        <span className="bell-count" aria-hidden="true">
          {unread < countMax ? unread : `${countMax - 1}+`}
        </span>
      )}
    </Link>
  );
}
