/** Ways to sign in beside a password of our own: providers of the deployment, and the one that a mail domain asks for. */
import { useQuery } from '@tanstack/react-query';
import { Alert, Button, Divider } from 'antd';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { reading } from '../../api/use-call.ts';
import { safeNext } from '../../features/session/safe-next.ts';
import { WithWords } from '../../features/words/WithWords.tsx';
import { ssoWords } from '../../i18n/messages.ts';

type Methods = Answer<'getSignInMethods'>;

interface OtherWaysProps {
  /** What stands in the field for a name; a whole mail address may have a way of its own. */
  login: string;
  next: string | undefined;
}

export function OtherWays({ login, next }: OtherWaysProps) {
  const anyone = useQuery(reading('getSignInMethods', { query: {} }));
  const isAddress = /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(login);
  const own = useQuery({
    ...reading('getSignInMethods', { query: { login } }),
    enabled: isAddress,
  });
  const ownWay = (isAddress && own.data?.own_way) || null;
  const methods = anyone.data?.methods ?? [];
  const isNeeded = ownWay !== null || methods.some(({ name }) => name !== null);
  if (!isNeeded) return null;
  return (
    <WithWords words={ssoWords}>
      <Ways methods={methods} ownWay={ownWay} next={next} />
    </WithWords>
  );
}

function Ways({
  methods,
  ownWay,
  next,
}: {
  methods: Methods['methods'];
  ownWay: Methods['own_way'];
  next: string | undefined;
}) {
  const t = useTranslations('sso');
  const directory = methods.find(({ kind }) => kind === 'ldap');
  const providers = methods.filter(({ kind }) => kind === 'oidc' || kind === 'saml');
  return (
    <div className="stack-tight">
      {directory && <p className="soft">{t('directory', { name: directory.name ?? 'LDAP' })}</p>}
      {(ownWay || providers.length > 0) && <Divider plain>{t('or')}</Divider>}
      {ownWay && (
        <Button
          block
          type={ownWay.required ? 'primary' : 'default'}
          href={startOf(ownWay.id, next)}
        >
          {t(ownWay.required ? 'throughRequired' : 'through', { name: ownWay.name })}
        </Button>
      )}
      {providers.map(({ id, name }) => (
        <Button key={id} block href={startOf(id ?? '', next)}>
          {t('through', { name: name ?? '' })}
        </Button>
      ))}
    </div>
  );
}

/** The server sends the browser on from there. */
function startOf(provider: string, next: string | undefined): string {
  const query = new URLSearchParams({ next: safeNext(next) });
  return `/api/v1/auth/sso/${encodeURIComponent(provider)}/start?${query}`;
}

/** Why a provider's sign-in ended here. */
export function SsoRefused({ code, request }: { code: string; request: string | undefined }) {
  return (
    <WithWords words={ssoWords}>
      <RefusedWords code={code} request={request} />
    </WithWords>
  );
}

function RefusedWords({ code, request }: { code: string; request: string | undefined }) {
  const t = useTranslations('sso');
  const tErrors = useTranslations('errors');
  const known = tErrors.has(code as 'sso_failed') ? (code as 'sso_failed') : 'sso_failed';
  const note = request ? t('requestId', { id: request }) : undefined;
  return <Alert type="error" showIcon title={tErrors(known)} description={note} />;
}
