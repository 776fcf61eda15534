/** Moves subscriptions of older versions to the plan's current one: first what it does to each, then the move. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { App, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { useTimeZone, useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { newIdempotencyKey } from '../../api/idempotency-key.ts';
import { reading, useChange } from '../../api/use-call.ts';
import { Failure, Refused } from '../../features/errors/Failure.tsx';
import { Amount } from '../../ui/Amount.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { settledList } from '../../ui/pages.ts';
import { When } from '../../ui/When.tsx';
import { instantIn } from '../../ui/zone-instant.ts';
import { OrganizationLink } from '../organizations/OrganizationLink.tsx';
import { subscriptionReads } from '../subscriptions/subscription.ts';
import type { Plan } from './plan-form.ts';

type Effect = Answer<'movePlan'>['effects'][number];

interface MoveSubscriptionsProps {
  plan: Plan;
  onClose: () => void;
}

export function MoveSubscriptions({ plan, onClose }: MoveSubscriptionsProps) {
  const t = useTranslations('console.moves');
  const tUi = useTranslations('ui');
  const { message } = App.useApp();
  const timeZone = useTimeZone() ?? 'UTC';
  const [local, setLocal] = useState('');
  const [idempotencyKey, setIdempotencyKey] = useState(newIdempotencyKey);
  const terms = local ? { not_before: instantIn(timeZone, local) } : {};
  const params = { id: plan.id };
  const preview = useQuery({
    ...reading('movePlan', { params, body: { preview: true, ...terms } }),
    placeholderData: keepPreviousData,
  });
  const move = useChange('movePlan', {
    refreshes: [...subscriptionReads, 'movePlan'],
    onDone: ({ subscriptions: count }) => {
      void message.success(t('done', { count }));
      onClose();
    },
  });
  const count = preview.data?.subscriptions ?? 0;
  return (
    <Modal
      open
      width={920}
      mask={{ closable: false }}
      title={t('title', { plan: plan.name, version: plan.version })}
      okText={t('move', { count })}
      cancelText={tUi('cancel')}
      okButtonProps={{
        loading: move.isPending,
        disabled: count === 0 || preview.isPlaceholderData || preview.isError,
      }}
      onOk={() => move.mutate({ params, body: terms, idempotencyKey })}
      onCancel={onClose}
    >
      <div className="stack">
        <p>{t('note')}</p>
        <Refused error={move.error} />
        <Form layout="vertical">
          <Form.Item
            label={t('notBefore')}
            htmlFor="move-not-before"
            extra={t('notBeforeNote', { timeZone })}
          >
            <Input
              id="move-not-before"
              type="datetime-local"
              value={local}
              onChange={({ target }) => {
                setLocal(target.value);
                setIdempotencyKey(newIdempotencyKey());
              }}
            />
          </Form.Item>
        </Form>
        {preview.error && <Failure error={preview.error} onRetry={() => void preview.refetch()} />}
        {preview.isPending && <Loading rows={4} />}
        {preview.data && !preview.error && <Effects effects={preview.data.effects} />}
      </div>
    </Modal>
  );
}

function Effects({ effects }: { effects: readonly Effect[] }) {
  const t = useTranslations('console.moves');
  return (
    <DataTable
      label={t('effects')}
      list={settledList([...effects])}
      columns={useColumns()}
      rowKey={({ subscription }) => subscription}
      renderError={() => null}
      empty={<EmptyState title={t('none')}>{t('noneNote')}</EmptyState>}
    />
  );
}

function useColumns(): Column<Effect>[] {
  const t = useTranslations('console.moves');
  const money = (value: string, currency: string) => (
    <Amount value={value} currency={currency} isExact />
  );
  return [
    { title: t('customer'), cell: ({ organization }) => <OrganizationLink id={organization} /> },
    { title: t('from'), align: 'end', cell: ({ from_version }) => from_version },
    { title: t('before'), align: 'end', cell: ({ before, currency }) => money(before, currency) },
    {
      title: t('after'),
      align: 'end',
      cell: ({ after, currency }) => (after === null ? t('stays') : money(after, currency)),
    },
    {
      title: t('effective'),
      cell: ({ effective_at: at }) => (at === null ? '–' : <When at={at} />),
    },
  ];
}
