import { useQuery } from '@tanstack/react-query';
import { App, Checkbox, Form, Select } from 'antd';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { reading, useChange } from '../../api/use-call.ts';
import { usePages } from '../../api/use-pages.ts';
import { Failure, Refused } from '../../features/errors/Failure.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { isAllowed, useRefusalOf } from '../../features/session/allowed.ts';
import { useSession } from '../../features/session/session.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Panel } from '../../ui/Panel.tsx';
import './notifications.css';

type Rule = Answer<'getNotificationSettings'>['data'][number];

export function NotificationsPanel({ organizationId }: { organizationId: string }) {
  const t = useTranslations('teams.notifications');
  const refusal = useRefusalOf()('getNotificationSettings');
  const rules = useQuery({
    ...reading('getNotificationSettings', { params: { id: organizationId } }),
    enabled: !refusal,
  });
  if (refusal)
    return (
      <Panel>
        <EmptyState title={t('title')}>{refusal}</EmptyState>
      </Panel>
    );
  if (rules.error && !rules.data) {
    return <Failure error={rules.error} onRetry={() => void rules.refetch()} />;
  }
  if (!rules.data) return <Loading rows={6} />;
  return <RulesForm organizationId={organizationId} rules={rules.data.data} />;
}

interface Fields {
  rules: {
    channels: Channel[];
    whom: 'role' | 'chosen';
    members: string[];
    addresses: string[];
  }[];
}

type Channel = Rule['channels'][number];

const channels = ['app', 'mail', 'telegram', 'wecom'] as const satisfies readonly Channel[];

function RulesForm({ organizationId, rules }: { organizationId: string; rules: Rule[] }) {
  const t = useTranslations('teams.notifications');
  const tUi = useTranslations('ui');
  const { message } = App.useApp();
  const [form] = Form.useForm<Fields>();
  const people = usePeople(organizationId);
  const save = useChange('setNotificationSettings', {
    refreshes: ['getNotificationSettings'],
    onDone: () => void message.success(tUi('saved')),
  });
  const submit = (fields: Fields) =>
    save.mutate({ params: { id: organizationId }, body: { rules: saidOf(rules, fields) } });
  return (
    <Panel title={t('title')} note={t('note')}>
      <Refused error={save.error} />
      <Form
        form={form}
        layout="vertical"
        initialValues={{
          rules: rules.map(({ channels, members, addresses }) => ({
            ...{ channels, whom: members ? 'chosen' : 'role', members: members ?? [], addresses },
          })),
        }}
        onFinish={submit}
      >
        {rules.map(({ event }, at) => (
          <fieldset key={event} className="notice-rule">
            <legend>{t(`events.${event}`)}</legend>
            <Form.Item name={['rules', at, 'channels']} noStyle>
              <Checkbox.Group
                options={channels.map((value) => ({ value, label: t(`channelNames.${value}`) }))}
              />
            </Form.Item>
            <details>
              <WhomSummary at={at} />
              <div className="columns">
                <Whom at={at} people={people} />
                <Form.Item
                  name={['rules', at, 'addresses']}
                  label={t('addresses')}
                  extra={event === 'invoice.to_pay' ? t('invoiceNote') : t('addressesNote')}
                >
                  <Select mode="tags" open={false} suffixIcon={null} tokenSeparators={[',', ' ']} />
                </Form.Item>
              </div>
            </details>
          </fieldset>
        ))}
        <AllowedButton
          operation="setNotificationSettings"
          type="primary"
          htmlType="submit"
          loading={save.isPending}
        >
          {tUi('save')}
        </AllowedButton>
      </Form>
    </Panel>
  );
}

interface Person {
  value: string;
  label: string;
}

/** Whom it reaches, in short. */
function WhomSummary({ at }: { at: number }) {
  const t = useTranslations('teams.notifications');
  const form = Form.useFormInstance<Fields>();
  const rule = Form.useWatch(['rules', at], form);
  const isByRole = rule?.whom !== 'chosen';
  const members = isByRole ? t('byRole') : t('members', { count: rule?.members?.length ?? 0 });
  const count = rule?.addresses?.length ?? 0;
  return (
    <summary>
      {t('whom')}: {members}
      {count > 0 && `, ${t('addressCount', { count })}`}
    </summary>
  );
}

/** Everyone whose role is about it, or people of one's choice. */
function Whom({ at, people }: { at: number; people: Person[] }) {
  const t = useTranslations('teams.notifications');
  const form = Form.useFormInstance<Fields>();
  const whom = Form.useWatch(['rules', at, 'whom'], form);
  return (
    <div>
      <Form.Item name={['rules', at, 'whom']} label={t('whom')}>
        <Select
          options={[
            { value: 'role', label: t('byRole') },
            { value: 'chosen', label: t('chosen') },
          ]}
        />
      </Form.Item>
      {whom === 'chosen' && (
        <Form.Item name={['rules', at, 'members']}>
          <Select
            mode="multiple"
            aria-label={t('chosen')}
            placeholder={t('nobody')}
            options={people}
          />
        </Form.Item>
      )}
    </div>
  );
}

function usePeople(organizationId: string): Person[] {
  const session = useSession();
  const members = usePages(
    'listMembers',
    { params: { id: organizationId }, query: { limit: 200 } },
    { enabled: isAllowed('listMembers', session) },
  );
  return (members.rows ?? []).map(({ id, name, email }) => ({ value: id, label: name ?? email }));
}

/** What was changed here, or differs from the default already; the rest keeps it. */
function saidOf(rules: Rule[], fields: Fields) {
  return rules.flatMap((rule, at) => {
    const said = fields.rules[at];
    if (!said) return [];
    const { whom, addresses } = said;
    const members = whom === 'role' ? null : said.members;
    const chosen = channels.filter((channel) => said.channels.includes(channel));
    const isUsual = members === null && addresses.length === 0 && !rule.said;
    if (isUsual && `${chosen}` === `${rule.channels}`) return [];
    return [{ event: rule.event, channels: chosen, members, addresses }];
  });
}
