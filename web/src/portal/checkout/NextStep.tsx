import { Button } from 'antd';
import { useTranslations } from 'use-intl';
import { ButtonLink } from '../../features/navigation/ButtonLink.tsx';
import type { Payment } from '../../features/payment/PaymentStatus.tsx';
import { paths } from '../../paths.ts';

/** What the payer does now: pay, use what was bought, or try again. */
export function NextStep({ payment }: { payment: Payment }) {
  const t = useTranslations('checkout');
  if (payment.status === 'pending') return <WayToPay next={payment.next} />;
  if (payment.status === 'unknown') return null;
  if (payment.status === 'succeeded') {
    return (
      <div className="actions">
        <ButtonLink to={paths.dashboard} isPrimary>
          {t('toDashboard')}
        </ButtonLink>
        <ButtonLink to={paths.keys}>{t('createKey')}</ButtonLink>
      </div>
    );
  }
  return (
    <div className="actions">
      <ButtonLink to={paths.packages} isPrimary>
        {t('tryAgain')}
      </ButtonLink>
      <ButtonLink to={paths.billing}>{t('topUp')}</ButtonLink>
    </div>
  );
}

function WayToPay({ next }: { next: Payment['next'] }) {
  const t = useTranslations('checkout');
  switch (next.type) {
    case 'redirect':
      return (
        <div className="actions">
          <Button type="primary" href={next.url}>
            {t('open')}
          </Button>
        </div>
      );
    case 'form':
      return (
        <form method="post" action={next.action}>
          {Object.entries(next.fields).map(([name, value]) => (
            <input key={name} type="hidden" name={name} value={value} />
          ))}
          <Button type="primary" htmlType="submit">
            {t('open')}
          </Button>
        </form>
      );
    case 'qr':
      return (
        <div className="stack">
          <p>{t('scan')}</p>
          <code>{next.content}</code>
          {next.url && <Button href={next.url}>{t('open')}</Button>}
        </div>
      );
    case 'none':
      return null;
  }
}
