import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { reading } from '../../api/use-call.ts';
import { usePages } from '../../api/use-pages.ts';
import type { Fapiao } from '../../features/fapiao/FapiaoStatus.tsx';
import { ButtonLink } from '../../features/navigation/ButtonLink.tsx';
import { useRefusalOf } from '../../features/session/allowed.ts';
import { paths } from '../../paths.ts';
import { Panel } from '../../ui/Panel.tsx';

/** The way from a paid invoice to its fapiao; nothing where there can be none. */
export function FapiaoOfInvoice({ invoice }: { invoice: { id: string; status: string } }) {
  const t = useTranslations('fapiao');
  const isAllowed = useRefusalOf()('listFapiaoInvoices') === undefined;
  const isAsked = isAllowed && invoice.status === 'paid';
  const query = { invoice: invoice.id };
  const found = usePages('listFapiaoInvoices', { query }, { enabled: isAsked });
  const [candidate] = found.rows ?? [];
  if (!candidate) return null;
  if (candidate.fapiao) return <Asked id={candidate.fapiao} />;
  if (candidate.block) return null;
  return (
    <Panel
      title={t('title')}
      actions={
        <ButtonLink to={paths.fapiaoRequest} search={{ invoice: invoice.id }}>
          {t('ask')}
        </ButtonLink>
      }
    >
      <p className="soft">{t('onInvoice.none')}</p>
    </Panel>
  );
}

function Asked({ id }: { id: string }) {
  const t = useTranslations('fapiao');
  const fapiao = useQuery(reading('getFapiao', { params: { id } }));
  const status: Fapiao['status'] | undefined = fapiao.data?.status;
  return (
    <Panel
      title={t('title')}
      actions={<ButtonLink to={paths.fapiao}>{t('onInvoice.see')}</ButtonLink>}
    >
      <p className="soft">{status && t('onInvoice.asked', { status: t(`statuses.${status}`) })}</p>
    </Panel>
  );
}
