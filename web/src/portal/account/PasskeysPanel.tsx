import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { reading } from '../../api/use-call.ts';
import { Failure } from '../../features/errors/Failure.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Status } from '../../ui/Status.tsx';
import { When } from '../../ui/When.tsx';
import { RemovePasskey, RenamePasskey } from './ChangePasskey.tsx';
import { useSecurity } from './security.ts';

/** It brings the library that talks to the device. */
const AddPasskey = lazy(() => import('./AddPasskey.tsx').then((m) => ({ default: m.AddPasskey })));

export type Passkey = Answer<'listPasskeys'>['data'][number];

/** What signs in without a password. */
export function PasskeysPanel() {
  const t = useTranslations('security.passkeys');
  const available = useSecurity().data?.passkeys_available ?? true;
  const [isAdding, setAdding] = useState(false);
  return (
    <Panel
      title={t('title')}
      note={t('note')}
      actions={
        <AllowedButton
          operation="createPasskey"
          blockedBecause={available ? undefined : t('unavailable')}
          onClick={() => setAdding(true)}
        >
          {t('add')}
        </AllowedButton>
      }
    >
      <Passkeys />
      {isAdding && (
        <Suspense>
          <AddPasskey onClose={() => setAdding(false)} />
        </Suspense>
      )}
    </Panel>
  );
}

type Doing = { what: 'rename' | 'remove'; passkey: Passkey };

function Passkeys() {
  const t = useTranslations('security.passkeys');
  const passkeys = useQuery(reading('listPasskeys'));
  const [doing, setDoing] = useState<Doing>();
  const close = () => setDoing(undefined);
  if (passkeys.error && !passkeys.data) {
    return <Failure error={passkeys.error} onRetry={() => void passkeys.refetch()} />;
  }
  if (!passkeys.data) return <Loading rows={2} />;
  if (passkeys.data.data.length === 0) {
    return <EmptyState title={t('none')}>{t('noneNote')}</EmptyState>;
  }
  return (
    <>
      <ul className="records">
        {passkeys.data.data.map((passkey) => (
          <li key={passkey.id}>
            <Row passkey={passkey} onDo={(what) => setDoing({ what, passkey })} />
          </li>
        ))}
      </ul>
      {doing?.what === 'rename' && <RenamePasskey passkey={doing.passkey} onClose={close} />}
      {doing?.what === 'remove' && <RemovePasskey passkey={doing.passkey} onClose={close} />}
    </>
  );
}

function Row({ passkey, onDo }: { passkey: Passkey; onDo: (what: Doing['what']) => void }) {
  const t = useTranslations('security.passkeys');
  const { name, synced, created_at: createdAt, last_used_at: usedAt } = passkey;
  return (
    <div className="record">
      <div>
        <strong>{name}</strong> {synced && <Status tone="quiet">{t('synced')}</Status>}
        <p className="soft">
          {t('added')} <When at={createdAt} show="day" /> ·{' '}
          {usedAt ? (
            <>
              {t('used')} <When at={usedAt} />
            </>
          ) : (
            t('neverUsed')
          )}
        </p>
      </div>
      <div className="actions">
        <AllowedButton
          operation="renamePasskey"
          aria-label={t('renameNamed', { name })}
          onClick={() => onDo('rename')}
        >
          {t('rename')}
        </AllowedButton>
        <AllowedButton
          operation="removePasskey"
          danger
          aria-label={t('removeNamed', { name })}
          onClick={() => onDo('remove')}
        >
          {t('remove')}
        </AllowedButton>
      </div>
    </div>
  );
}
