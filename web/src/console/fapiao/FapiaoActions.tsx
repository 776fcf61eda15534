/** What an operator may do about a fapiao; what its state rules out says why. */
import { App } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { newIdempotencyKey } from '../../api/idempotency-key.ts';
import { useChange } from '../../api/use-call.ts';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { useAmountText } from '../../ui/Amount.tsx';
import { ReasonQuestion } from '../forms/ReasonQuestion.tsx';
import { useConfirm } from '../forms/use-confirm.ts';
import { useOrganizationName } from '../organizations/OrganizationLink.tsx';
import { blockOf, type Fapiao, type FapiaoAction, fapiaoReads } from './fapiao.ts';
import { IssueDrawer } from './IssueDrawer.tsx';
import { ReverseDrawer } from './ReverseDrawer.tsx';

export function FapiaoActions({ fapiao }: { fapiao: Fapiao }) {
  const t = useTranslations('console.fapiao');
  const tBlocks = useTranslations('console.fapiao.blocks');
  const [asked, setAsked] = useState<Exclude<FapiaoAction, 'send'>>();
  const because = (action: FapiaoAction) => {
    const block = blockOf(fapiao.status, action);
    return block && tBlocks(block);
  };
  const close = () => setAsked(undefined);
  const { status } = fapiao;
  return (
    <>
      <AllowedButton
        operation="issueFapiao"
        type={status === 'requested' ? 'primary' : 'default'}
        blockedBecause={because('issue')}
        onClick={() => setAsked('issue')}
      >
        {t(status === 'issued' ? 'correct' : 'issue')}
      </AllowedButton>
      <Send fapiao={fapiao} because={because('send')} />
      <AllowedButton
        operation="rejectFapiao"
        danger
        blockedBecause={because('reject')}
        onClick={() => setAsked('reject')}
      >
        {t('reject')}
      </AllowedButton>
      <AllowedButton
        operation="reverseFapiao"
        danger
        type={status === 'to_be_reversed' ? 'primary' : 'default'}
        blockedBecause={because('reverse')}
        onClick={() => setAsked('reverse')}
      >
        {t('reverse')}
      </AllowedButton>
      {asked === 'issue' && <IssueDrawer fapiao={fapiao} onClose={close} />}
      {asked === 'reject' && <Reject fapiao={fapiao} onClose={close} />}
      {asked === 'reverse' && <ReverseDrawer fapiao={fapiao} onClose={close} />}
    </>
  );
}

function Send({ fapiao, because }: { fapiao: Fapiao; because: string | undefined }) {
  const t = useTranslations('console.fapiao');
  const { message } = App.useApp();
  const confirm = useConfirm();
  const amount = useAmountText()(fapiao.amount, fapiao.currency, { isExact: true });
  const { email, name } = fapiao.title;
  const send = useChange('sendFapiao', {
    refreshes: fapiaoReads,
    onDone: () => void message.success(t('sendDone', { email })),
  });
  const ask = () => {
    const idempotencyKey = newIdempotencyKey();
    confirm({
      title: t('sendTitle', { number: fapiao.number ?? '' }),
      content: t('sendNote', { email, name, amount }),
      okText: t('send'),
      act: () => send.mutateAsync({ params: { id: fapiao.id }, body: {}, idempotencyKey }),
    });
  };
  return (
    <AllowedButton
      operation="sendFapiao"
      type={fapiao.status === 'issued' ? 'primary' : 'default'}
      blockedBecause={because}
      loading={send.isPending}
      onClick={ask}
    >
      {t(fapiao.status === 'sent' ? 'sendAgain' : 'send')}
    </AllowedButton>
  );
}

function Reject({ fapiao, onClose }: { fapiao: Fapiao; onClose: () => void }) {
  const t = useTranslations('console.fapiao');
  const { message } = App.useApp();
  const [idempotencyKey] = useState(newIdempotencyKey);
  const customer = useOrganizationName(fapiao.organization) ?? fapiao.title.name;
  const amount = useAmountText()(fapiao.amount, fapiao.currency, { isExact: true });
  const reject = useChange('rejectFapiao', {
    refreshes: fapiaoReads,
    onDone: () => {
      void message.success(t('rejectDone'));
      onClose();
    },
  });
  return (
    <ReasonQuestion
      title={t('rejectTitle')}
      content={t('rejectNote', { customer, amount })}
      okText={t('reject')}
      error={reject.error}
      isPending={reject.isPending}
      onAnswer={(reason) =>
        reject.mutate({ params: { id: fapiao.id }, body: { reason }, idempotencyKey })
      }
      onClose={onClose}
    />
  );
}
