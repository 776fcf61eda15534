import { useTranslations } from 'use-intl';
import { InvoiceTotals } from '../../features/invoice/InvoiceTotals.tsx';
import { LineList } from '../../features/invoice/LineList.tsx';
import { ChargeList } from '../../features/offers/ChargeList.tsx';
import { useCycleText } from '../../features/offers/cycle-text.ts';
import { chargesOf, type Plan } from '../../features/offers/offer.ts';
import type { ChangePreview } from '../../features/subscription/subscription.ts';
import { Amount } from '../../ui/Amount.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { When } from '../../ui/When.tsx';
import { cyclePriceOf, outcomeOf } from './preview.ts';

interface PreviewPanelProps {
  plan: Plan;
  preview: ChangePreview;
}

/** Exactly what will be invoiced, and what comes after. */
export function PreviewPanel({ plan, preview }: PreviewPanelProps) {
  const t = useTranslations('subscribe');
  return (
    <Panel title={t('preview')}>
      <PreviewLines preview={preview} />
      <Afterwards preview={preview} />
      <ChargeList charges={chargesOf(plan, preview.currency)} currency={preview.currency} />
    </Panel>
  );
}

/** The lines and their sum; nothing where nothing is invoiced. */
export function PreviewLines({ preview }: { preview: ChangePreview }) {
  const t = useTranslations('subscribe');
  const outcome = outcomeOf(preview);
  if (preview.lines.length === 0) return <p>{t('nothingInvoiced')}</p>;
  return (
    <>
      <LineList lines={preview.lines} currency={preview.currency} />
      <InvoiceTotals totals={preview} dueLabel={t('dueToday')} />
      {outcome.kind === 'credit' && (
        <p>
          {t.rich('creditBack', {
            amount: () => <Amount value={outcome.amount} currency={preview.currency} isExact />,
          })}
        </p>
      )}
    </>
  );
}

/** When it takes effect, and what each later cycle costs. */
function Afterwards({ preview }: { preview: ChangePreview }) {
  const t = useTranslations('subscribe');
  const { per } = useCycleText();
  const { subscription, effect, effective_at: effectiveAt } = preview;
  const { billing_cycle: cycle, currency, period, status } = subscription;
  const when = (at: string) => () => <When at={at} show="day" />;
  const addsTax = preview.taxes.length > 0 && !preview.tax_inclusive;
  const price = () => (
    <>
      <Amount value={cyclePriceOf(subscription)} currency={currency} isExact /> {per(cycle)}
      {addsTax && t('beforeTax')}
    </>
  );
  if (effect === 'period_end') {
    return <p className="soft">{t.rich('fromThen', { when: when(effectiveAt), price })}</p>;
  }
  return (
    <div className="soft">
      {status === 'trialing' && period.to && (
        <p>{t.rich('thenAfterTrial', { when: when(period.to), price })}</p>
      )}
      {status !== 'trialing' && period.to && (
        <p>{t.rich('thenRenews', { when: when(period.to), price })}</p>
      )}
      {period.to === null && <p>{t('thenForever')}</p>}
    </div>
  );
}
