import { Form, Input, Select } from 'antd';
import { useTimeZone, useTranslations } from 'use-intl';
import { useChange } from '../../api/use-call.ts';
import { instantIn, localIn } from '../../ui/zone-instant.ts';
import { FormDrawer } from '../forms/FormDrawer.tsx';
import { QuotaFields } from '../quotas/QuotaFields.tsx';
import { type QuotaForm, toQuotaBody } from '../quotas/quota-form.ts';
import type { Customer } from './customer.ts';
import type { OrganizationQuota } from './QuotasPanel.tsx';
import type { OfOrganization } from './terms.ts';

interface OverrideForm extends QuotaForm {
  /** A member's or key's id; the organization's where all use counts. */
  subject: string;
  /** What clocks of the page's zone will show. */
  ends_at?: string;
}

interface SetOverrideProps extends OfOrganization {
  members: Customer['members'];
  /** Left out, any quota may be set. */
  quota: OrganizationQuota | undefined;
  onClose: () => void;
}

export function SetOverride({ organization, members, quota, onClose }: SetOverrideProps) {
  const t = useTranslations('console.organizationQuotas');
  const timeZone = useTimeZone() ?? 'UTC';
  const [form] = Form.useForm<OverrideForm>();
  const set = useChange('setQuotaOverride', {
    refreshes: ['listOrganizationQuotas'],
    onDone: onClose,
  });
  const kindOf = (subject: string) => {
    if (subject === quota?.subject.id) return quota.subject.kind;
    return subject === organization.id ? 'organization' : 'member';
  };
  const submit = ({ subject, ends_at, ...terms }: OverrideForm) =>
    set.mutate({
      params: { id: organization.id },
      body: {
        ...toQuotaBody(terms),
        subject: { kind: kindOf(subject), id: subject },
        ends_at: ends_at ? instantIn(timeZone, ends_at) : null,
      },
    });
  return (
    <FormDrawer
      title={t('overrideTitle', { organization: organization.name })}
      operation="setQuotaOverride"
      submitLabel={t('save')}
      form={form}
      initialValues={quota ? formOf(quota, timeZone) : { ...first, subject: organization.id }}
      error={set.error}
      isPending={set.isPending}
      onSubmit={submit}
      onClose={onClose}
    >
      <p className="soft form-note">{t('overrideNote')}</p>
      <SubjectField organization={organization} members={members} quota={quota} />
      <QuotaFields path={[]} />
      <Form.Item name="ends_at" label={t('ends')} extra={t('endsNote', { timeZone })}>
        <Input type="datetime-local" />
      </Form.Item>
    </FormDrawer>
  );
}

const first: Partial<OverrideForm> = { window: 'month', anchor: 'calendar', at_limit: 'refuse' };

/** Begins as the quota stands, so that only what changes is typed. */
function formOf(quota: OrganizationQuota, timeZone: string): Partial<OverrideForm> {
  const { subject, meter, window, anchor_at, limit, hard, sources } = quota;
  const override = sources.find(({ source }) => source === 'override');
  return {
    subject: subject.id,
    meter,
    window,
    anchor: anchor_at === null ? 'calendar' : 'subscription',
    at_limit: limit === null ? 'unlimited' : hard ? 'refuse' : 'record',
    ...(limit !== null && { limit }),
    ...(override?.ends_at && { ends_at: localIn(timeZone, override.ends_at) }),
  };
}

function SubjectField({ organization, members, quota }: Omit<SetOverrideProps, 'onClose'>) {
  const t = useTranslations('console.organizationQuotas');
  const people = members.map(({ id, name, email }) => ({ value: id, label: name ?? email }));
  const key = quota?.subject.kind === 'api_key' ? [quota.subject.id] : [];
  return (
    <Form.Item name="subject" label={t('subject')}>
      <Select
        options={[
          { value: organization.id, label: t('everybodyOption') },
          ...people,
          ...key.map((id) => ({ value: id, label: id })),
        ]}
      />
    </Form.Item>
  );
}
