import { Drawer, Form, Input } from 'antd';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { useChange } from '../../api/use-call.ts';
import { usePages } from '../../api/use-pages.ts';
import { Refused, renderFailure } from '../../features/errors/Failure.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { When } from '../../ui/When.tsx';
import { OrganizationSelect } from '../organizations/OrganizationFilter.tsx';
import { OrganizationLink } from '../organizations/OrganizationLink.tsx';
import type { ModelGroup } from './GroupsPanel.tsx';
import { multiplierPattern } from './multiplier-rule.ts';

type Own = Answer<'listGroupMultipliers'>['data'][number];
const refreshes = ['listGroupMultipliers', 'listModelGroups', 'listModels'] as const;

interface OwnForm {
  organization: string;
  multiplier: string;
}

/** Customers with a multiplier of their own for a group, and the form that gives one. */
export function GroupCustomers({ group, onClose }: { group: ModelGroup; onClose: () => void }) {
  const t = useTranslations('console.modelPrices');
  const own = usePages('listGroupMultipliers', { params: { id: group.id } });
  const set = useChange('setOrganizationMultiplier', { refreshes });
  const give = (organization: string, multiplier: string | null) =>
    set.mutate({ params: { id: organization, group: group.slug }, body: { multiplier } });
  return (
    <Drawer open size={760} title={t('customersNamed', { name: group.name })} onClose={onClose}>
      <div className="stack">
        <p className="soft">{t('customersNote', { multiplier: group.multiplier })}</p>
        <Refused error={set.error} />
        <GiveForm isPending={set.isPending} onGive={give} />
        <DataTable
          label={t('customersNamed', { name: group.name })}
          list={own}
          columns={useColumns((row) => give(row.organization, null))}
          rowKey={({ organization }) => organization}
          renderError={renderFailure}
          empty={<EmptyState title={t('noCustomers')}>{t('noCustomersNote')}</EmptyState>}
        />
      </div>
    </Drawer>
  );
}

interface GiveFormProps {
  isPending: boolean;
  onGive: (organization: string, multiplier: string) => void;
}

function GiveForm({ isPending, onGive }: GiveFormProps) {
  const t = useTranslations('console.modelPrices');
  const tFilters = useTranslations('console.filters');
  const [form] = Form.useForm<OwnForm>();
  return (
    <Form
      form={form}
      layout="vertical"
      onFinish={({ organization, multiplier }) => onGive(organization, multiplier)}
    >
      <div className="fields">
        <Form.Item
          name="organization"
          label={tFilters('customer')}
          rules={[{ required: true, message: t('customerRule') }]}
        >
          <OrganizationSelect label={tFilters('customer')} placeholder={t('chooseCustomer')} />
        </Form.Item>
        <Form.Item
          name="multiplier"
          label={t('multiplier')}
          rules={[{ required: true, pattern: multiplierPattern, message: t('multiplierRule') }]}
        >
          <Input inputMode="decimal" autoComplete="off" />
        </Form.Item>
      </div>
      <AllowedButton
        operation="setOrganizationMultiplier"
        type="primary"
        htmlType="submit"
        loading={isPending}
      >
        {t('give')}
      </AllowedButton>
    </Form>
  );
}

function useColumns(onTake: (row: Own) => void): Column<Own>[] {
  const t = useTranslations('console.modelPrices');
  const tFilters = useTranslations('console.filters');
  const tUi = useTranslations('ui');
  return [
    {
      title: tFilters('customer'),
      cell: ({ organization }) => <OrganizationLink id={organization} />,
    },
    {
      title: t('multiplier'),
      align: 'end',
      cell: ({ multiplier, group_multiplier: everyones }) => (
        <span className="figure">× {multiplier ?? everyones}</span>
      ),
    },
    {
      title: t('changes'),
      cell: ({ changes }) =>
        changes.length === 0
          ? '–'
          : changes.map(({ multiplier, effective_from: at }) => (
              <small key={at}>
                {multiplier === null ? t('asGroup') : `× ${multiplier}`} · <When at={at} />
              </small>
            )),
    },
    {
      title: tUi('actions'),
      isActions: true,
      cell: (row) => (
        <AllowedButton
          operation="setOrganizationMultiplier"
          size="small"
          blockedBecause={row.multiplier === null ? t('isAsGroup') : undefined}
          onClick={() => onTake(row)}
        >
          {t('asGroup')}
        </AllowedButton>
      ),
    },
  ];
}
