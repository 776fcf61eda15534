/** The customer lets support in, sees who came, and shows them out. */
import { Button, Form, Input, Radio, Select } from 'antd';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { useChange } from '../../api/use-call.ts';
import { usePages } from '../../api/use-pages.ts';
import { Refused, renderFailure } from '../../features/errors/Failure.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { useRefusalOf } from '../../features/session/allowed.ts';
import { WithWords } from '../../features/words/WithWords.tsx';
import { supportWords } from '../../i18n/messages.ts';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Status, type Tone } from '../../ui/Status.tsx';
import { When } from '../../ui/When.tsx';

type Access = Answer<'listSupportAccesses'>['data'][number];

const refreshes = ['listSupportAccesses', 'listSupportSessions'] as const;
const hoursChoices = [1, 4, 24, 72];
const scopes = ['read', 'full'] as const;

export function SupportPanel({ organizationId }: { organizationId: string }) {
  return (
    <WithWords words={supportWords}>
      <Support organizationId={organizationId} />
    </WithWords>
  );
}

function Support({ organizationId }: { organizationId: string }) {
  const t = useTranslations('support');
  const accesses = usePages('listSupportAccesses', { params: { id: organizationId } });
  const active = accesses.rows?.find(({ status }) => status === 'active');
  const columns = useColumns();
  return (
    <div className="stack">
      <Panel title={t('title')}>
        <p className="soft">{t('note')}</p>
        {active ? <Allowed access={active} /> : <AllowForm organizationId={organizationId} />}
      </Panel>
      <Panel title={t('history')}>
        <DataTable
          label={t('history')}
          list={accesses}
          columns={columns}
          rowKey={({ id }) => id}
          renderError={renderFailure}
          empty={<EmptyState title={t('none')}>{t('noneNote')}</EmptyState>}
        />
      </Panel>
    </div>
  );
}

function Allowed({ access }: { access: Access }) {
  const t = useTranslations('support');
  const revoke = useChange('revokeSupport', { refreshes });
  return (
    <>
      <p>{t.rich('allowed', { when: () => <When at={access.expires_at} /> })}</p>
      <p className="soft">{t(`scopes.${access.scope}`)}</p>
      <Refused error={revoke.error} />
      <div className="actions">
        <AllowedButton
          operation="revokeSupport"
          danger
          loading={revoke.isPending}
          title={t('revokeNote')}
          onClick={() => revoke.mutate({ params: { id: access.organization } })}
        >
          {t('revoke')}
        </AllowedButton>
      </div>
    </>
  );
}

interface Wish {
  scope: Access['scope'];
  hours: number;
  note?: string;
}

function AllowForm({ organizationId }: { organizationId: string }) {
  const t = useTranslations('support');
  const refusal = useRefusalOf()('allowSupport');
  const allow = useChange('allowSupport', { refreshes });
  return (
    <Form<Wish>
      layout="vertical"
      disabled={refusal !== undefined}
      initialValues={{ scope: 'read', hours: 24 }}
      onFinish={(wish) => allow.mutate({ params: { id: organizationId }, body: wish })}
    >
      <Refused error={allow.error} />
      <Form.Item name="scope" label={t('scope')}>
        <Radio.Group
          className="support-scopes"
          options={scopes.map((value) => ({ value, label: t(`scopes.${value}`) }))}
        />
      </Form.Item>
      <Form.Item name="hours" label={t('hours')}>
        <Select
          options={hoursChoices.map((hours) => ({
            value: hours,
            label: t('hoursOption', { hours }),
          }))}
        />
      </Form.Item>
      <Form.Item name="note" label={t('about')} extra={t('aboutExtra')}>
        <Input maxLength={500} />
      </Form.Item>
      <Button type="primary" htmlType="submit" loading={allow.isPending} title={refusal}>
        {t('allow')}
      </Button>
    </Form>
  );
}

const tones: Record<Access['status'], Tone> = {
  active: 'active',
  revoked: 'quiet',
  expired: 'quiet',
};

function useColumns(): Column<Access>[] {
  const t = useTranslations('support');
  return [
    {
      title: t('status'),
      cell: ({ status }) => <Status tone={tones[status]}>{t(`statuses.${status}`)}</Status>,
    },
    { title: t('from'), cell: ({ created_at }) => <When at={created_at} /> },
    {
      title: t('to'),
      cell: ({ revoked_at, expires_at }) => <When at={revoked_at ?? expires_at} />,
    },
    { title: t('by'), cell: ({ granted_by }) => granted_by.name },
    {
      title: t('visits'),
      cell: ({ sessions }) =>
        sessions.length === 0 ? (
          t('nobody')
        ) : (
          <span className="stack-tight">
            {sessions.map(({ id, operator, reason }) => (
              <span key={id}>{t('visit', { name: operator.name, reason })}</span>
            ))}
          </span>
        ),
    },
  ];
}
