import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Alert } from 'antd';
import { useTranslations } from 'use-intl';
import { reading } from '../../api/use-call.ts';
import { paths } from '../../paths.ts';
import { Amount } from '../../ui/Amount.tsx';
import { CallError } from './chat-stream.ts';
import type { Turn } from './use-conversation.ts';

/** What was asked, what is being answered, and what it has cost. */
export function TurnView({ turn }: { turn: Turn }) {
  const t = useTranslations('playground');
  const { prompt, answer, state, model, error, requestId } = turn;
  return (
    <li className="turn">
      <div className="turn-said">
        <h3>{t('you')}</h3>
        <p>{prompt}</p>
      </div>
      <div className="turn-said">
        <h3>{model}</h3>
        {answer !== '' && <p>{answer}</p>}
        {state === 'running' && answer === '' && <p className="soft">{t('waiting')}</p>}
        {state === 'stopped' && <p className="soft">{t('stopped')}</p>}
        {error && <CallFailure error={error} />}
      </div>
      {state !== 'running' && requestId !== undefined && (
        <Cost requestId={requestId} model={model} />
      )}
    </li>
  );
}

function CallFailure({ error }: { error: Error }) {
  const t = useTranslations('playground.errors');
  const code = error instanceof CallError ? error.code : 'unknown';
  const known = t.has(code as 'unknown') ? t(code as 'unknown') : undefined;
  return <Alert type="error" showIcon title={known ?? error.message} />;
}

/** A stopped call is settled when its upstream has been heard out, which takes half a minute at most. */
const lookEveryMs = 1_000;
const looksMax = 45;
/** Of the newest calls of the model: this one is among them, also where others make calls. */
const receiptsRead = 50;

function Cost({ requestId, model }: { requestId: string; model: string }) {
  const t = useTranslations('playground');
  const receipts = useQuery({
    ...reading('listReceipts', { query: { model, limit: receiptsRead } }),
    // The one to come must not be looked for in what another turn has read.
    queryKey: ['listReceipts', 'of', requestId],
    select: ({ data }) => data.find(({ request_id }) => request_id === requestId),
    refetchInterval: ({ state }) => {
      const isThere = state.data?.data.some(({ request_id }) => request_id === requestId);
      return !isThere && state.dataUpdateCount < looksMax && lookEveryMs;
    },
  });
  if (receipts.isPending) return <p className="soft">{t('counting')}</p>;
  if (receipts.error) return null;
  if (!receipts.data) return <p className="soft">{t('notYet')}</p>;
  const { usage, amount, currency } = receipts.data;
  return (
    <p className="turn-cost">
      {t('tokens', { input: usage.input_tokens, output: usage.output_tokens })}
      <Amount value={amount} currency={currency} />
      <Link to={paths.call} params={{ id: requestId }} target="_blank">
        {t('receipt')}
      </Link>
    </p>
  );
}
