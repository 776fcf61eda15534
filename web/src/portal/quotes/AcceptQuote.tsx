import { useNavigate } from '@tanstack/react-router';
import { App, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { newIdempotencyKey } from '../../api/idempotency-key.ts';
import { useChange } from '../../api/use-call.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import { useContinuePayment } from '../../features/payment/continue-payment.ts';
import { WayNote } from '../../features/payment/WayNote.tsx';
import { type PayWith, requestKey } from '../../features/payment/way.ts';
import type { Quote, QuotePreview } from '../../features/quotes/quote.ts';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { touchedByChange } from '../../features/subscription/subscription.ts';
import { paths } from '../../paths.ts';
import { useAmountText } from '../../ui/Amount.tsx';
import { PayField } from '../subscribe/PayField.tsx';
import { outcomeOf } from '../subscribe/preview.ts';

const touched = [...touchedByChange, 'listQuotes', 'getQuote', 'previewQuote'] as const;

interface AcceptQuoteProps {
  quote: Quote;
  preview: QuotePreview;
}

/** The two answers. What stands in for a subscription is paid from the wallet, so that nothing is interrupted. */
export function AcceptQuote({ quote, preview }: AcceptQuoteProps) {
  const t = useTranslations('quotes');
  const amountText = useAmountText();
  const [chosen, setChosen] = useState<PayWith>();
  const [isDeclining, setDeclining] = useState(false);
  const accept = useAccept(quote);
  const outcome = outcomeOf(preview);
  const { currency, replaces } = preview;
  const due = outcome.kind === 'pay' ? outcome.amount : undefined;
  const way = replaces ? { provider: 'wallet' } : due ? chosen : undefined;
  return (
    <>
      {due && !replaces && (
        <PayField amount={due} currency={currency} way={chosen} onChoose={setChosen} />
      )}
      {due && replaces && <WayNote amount={due} currency={currency} way={{ provider: 'wallet' }} />}
      {!due && <p>{t('nothingDue')}</p>}
      {quote.term_cycles !== null && <p className="soft">{t('termNote')}</p>}
      <Refused error={accept.error} />
      <div className="actions">
        <AllowedButton
          operation="acceptQuote"
          type="primary"
          loading={accept.isPending}
          blockedBecause={due && !way ? t('chooseWay') : undefined}
          onClick={() => accept.start(way)}
        >
          {due
            ? t('acceptAndPay', { amount: amountText(due, currency, { isExact: true }) })
            : t('accept')}
        </AllowedButton>
        <AllowedButton operation="declineQuote" onClick={() => setDeclining(true)}>
          {t('decline')}
        </AllowedButton>
      </div>
      {isDeclining && <DeclineQuote quote={quote} onClose={() => setDeclining(false)} />}
    </>
  );
}

/** Pressed twice it is accepted once; another way to pay is another try. */
function useAccept({ id }: Quote) {
  const t = useTranslations('quotes');
  const { message } = App.useApp();
  const navigate = useNavigate();
  const continuePayment = useContinuePayment();
  const [idempotencyKey] = useState(newIdempotencyKey);
  const accept = useChange('acceptQuote', {
    refreshes: touched,
    onDone: ({ payment }) => {
      if (payment) {
        continuePayment(payment);
        return;
      }
      void message.success(t('accepted'));
      void navigate({ to: paths.subscription });
    },
  });
  return {
    isPending: accept.isPending,
    error: accept.error,
    start: (way: PayWith | undefined) =>
      accept.mutate({
        params: { id },
        body: way ?? {},
        idempotencyKey: `${idempotencyKey}-${requestKey(way)}`,
      }),
  };
}

function DeclineQuote({ quote, onClose }: { quote: Quote; onClose: () => void }) {
  const t = useTranslations('quotes');
  const tUi = useTranslations('ui');
  const [form] = Form.useForm<{ reason?: string }>();
  const decline = useChange('declineQuote', { refreshes: touched, onDone: onClose });
  const { id, name } = quote;
  return (
    <Modal
      open
      mask={{ closable: false }}
      title={t('declineTitle', { name })}
      okText={t('decline')}
      cancelText={tUi('cancel')}
      okButtonProps={{ danger: true, loading: decline.isPending }}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <div className="stack">
        <Refused error={decline.error} />
        <Form
          form={form}
          layout="vertical"
          onFinish={({ reason }) =>
            decline.mutate({ params: { id }, body: reason?.trim() ? { reason } : {} })
          }
        >
          <Form.Item name="reason" label={t('reason')}>
            <Input.TextArea autoSize={{ minRows: 2, maxRows: 5 }} maxLength={1000} />
          </Form.Item>
        </Form>
      </div>
    </Modal>
  );
}
