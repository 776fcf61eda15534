import { App, Select } from 'antd';
import { useTranslations } from 'use-intl';
import { useChange } from '../../api/use-call.ts';
import { useCostCenterOptions } from '../../features/costs/use-cost-center-options.ts';
import { useErrorText } from '../../features/errors/error-text.ts';
import { useRefusalOf } from '../../features/session/allowed.ts';
import type { Capped } from './CapsPanel.tsx';

/** What a member's calls are booked under, changed where it stands. */
export function CostCenterField({
  organizationId,
  member,
}: {
  organizationId: string;
  member: Capped;
}) {
  const t = useTranslations('costCenters');
  const tUi = useTranslations('ui');
  const { message } = App.useApp();
  const errorText = useErrorText();
  const refusal = useRefusalOf()('assignMember');
  const options = useCostCenterOptions();
  const assign = useChange('assignMember', {
    refreshes: ['listSpendCaps', 'listCostCenters', 'listApiKeys'],
    onDone: () => void message.success(tUi('saved')),
  });
  return (
    <Select
      className="filter"
      allowClear
      showSearch={options.length > 8 && { optionFilterProp: 'label' }}
      aria-label={t('centerOf', { name: member.name })}
      placeholder={t('unassigned')}
      {...(refusal !== undefined && { title: refusal })}
      disabled={refusal !== undefined}
      loading={assign.isPending}
      value={member.cost_center}
      options={options}
      onChange={(chosen: string | null | undefined) =>
        assign.mutate(
          {
            params: { id: organizationId, user_id: member.subject.id },
            body: { cost_center: chosen ?? null },
          },
          { onError: (error) => void message.error(errorText(error)) },
        )
      }
    />
  );
}
