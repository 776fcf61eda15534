import { Drawer } from 'antd';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { When } from '../../ui/When.tsx';
import { OrganizationLink } from '../organizations/OrganizationLink.tsx';

type Redemption = Answer<'listCodeRedemptions'>['data'][number];

interface RedemptionsProps {
  id: string;
  name: string | undefined;
  onClose: () => void;
}

/** Who redeemed codes of a batch. */
export function Redemptions({ id, name, onClose }: RedemptionsProps) {
  const t = useTranslations('console.codes');
  const redemptions = usePages('listCodeRedemptions', { params: { id } });
  const columns: Column<Redemption>[] = [
    { title: t('customer'), cell: ({ organization }) => <OrganizationLink id={organization} /> },
    { title: t('redeemedAt'), cell: ({ redeemed_at }) => <When at={redeemed_at} /> },
    { title: t('grant'), cell: ({ grant }) => <code>{grant}</code> },
  ];
  const title = name === undefined ? t('redemptions') : t('redemptionsOf', { name });
  return (
    <Drawer open size={760} title={title} onClose={onClose}>
      <DataTable
        label={title}
        list={redemptions}
        columns={columns}
        rowKey={(redemption) => redemption.id}
        renderError={renderFailure}
        empty={<EmptyState title={t('noRedemptions')}>{t('noRedemptionsNote')}</EmptyState>}
      />
    </Drawer>
  );
}
