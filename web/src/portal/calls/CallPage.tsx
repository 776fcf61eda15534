import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { reading } from '../../api/use-call.ts';
import { Failure } from '../../features/errors/Failure.tsx';
import { ReceiptFiles } from '../../features/receipt/ReceiptFiles.tsx';
import { ReceiptPanels } from '../../features/receipt/ReceiptPanels.tsx';
import { WithWords } from '../../features/words/WithWords.tsx';
import { receiptWords } from '../../i18n/messages.ts';
import { paths } from '../../paths.ts';
import { Loading } from '../../ui/Loading.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';

const route = getRouteApi('/portal/calls/$id');

export function CallPage() {
  return (
    <WithWords words={receiptWords}>
      <Call />
    </WithWords>
  );
}

function Call() {
  const { id } = route.useParams();
  const t = useTranslations('receipt');
  const receipt = useQuery(reading('getReceipt', { params: { request_id: id } }));
  return (
    <div className="page">
      <PageHeader
        title={t('title')}
        note={receipt.data?.model}
        actions={
          <>
            <ReceiptFiles query={{ request_id: id }} formats={['jsonl']} />
            <Link to={paths.calls}>{t('back')}</Link>
          </>
        }
      />
      {receipt.error && <Failure error={receipt.error} onRetry={() => void receipt.refetch()} />}
      {receipt.isPending && <Loading rows={8} />}
      {receipt.data && <ReceiptPanels receipt={receipt.data} />}
    </div>
  );
}
