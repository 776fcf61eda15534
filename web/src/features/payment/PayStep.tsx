import { Button } from 'antd';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { useBusinessClock } from '../../ui/clock.ts';
import { Loading } from '../../ui/Loading.tsx';
import { When } from '../../ui/When.tsx';

const ScanCode = lazy(() => import('./ScanCode.tsx').then((m) => ({ default: m.ScanCode })));

type Next = Answer<'getPayment'>['next'];

interface PayStepProps {
  next: Next;
  /** Until when it can be done. */
  expiresAt: string | null;
}

/** What the payer does at the provider: go to its page, send its form, or scan its code. */
export function PayStep({ next, expiresAt }: PayStepProps) {
  const t = useTranslations('checkout');
  const isExpired = useIsPast(expiresAt);
  if (next.type === 'none') return null;
  return (
    <>
      {next.type === 'redirect' && (
        <div className="actions">
          <Button type="primary" href={next.url} disabled={isExpired}>
            {t('open')}
          </Button>
        </div>
      )}
      {next.type === 'form' && (
        <form method="post" action={next.action} className="actions">
          {Object.entries(next.fields).map(([name, value]) => (
            <input key={name} type="hidden" name={name} value={value} />
          ))}
          <Button type="primary" htmlType="submit" disabled={isExpired}>
            {t('open')}
          </Button>
        </form>
      )}
      {next.type === 'qr' && (
        <Suspense fallback={<Loading rows={6} />}>
          <ScanCode content={next.content} url={addressOf(next)} isExpired={isExpired} />
        </Suspense>
      )}
      {expiresAt && (
        <p className="soft">
          {isExpired
            ? t('expired')
            : t.rich('expires', { when: () => <When at={expiresAt} show="instant" /> })}
        </p>
      )}
    </>
  );
}

/** Some codes are addresses, which a phone that shows this page opens itself. */
function addressOf({ content, url }: Extract<Next, { type: 'qr' }>): string | null {
  return url ?? (/^https?:/.test(content) ? content : null);
}

/** The longest time that a browser waits for; what is further away is looked at again then. */
const timeoutMsMax = 2 ** 31 - 1;

/** Whether an instant is over, turning by itself when it comes. */
function useIsPast(at: string | null): boolean {
  const now = useBusinessClock();
  const [, lookAgain] = useState(0);
  const leftMs = at === null ? null : Date.parse(at) - now().getTime();
  const isPast = leftMs !== null && leftMs <= 0;
  useEffect(() => {
    if (at === null || isPast) return;
    const waitMs = Math.min(Math.max(Date.parse(at) - now().getTime(), 0) + 50, timeoutMsMax);
    const timer = setTimeout(() => lookAgain((looks) => looks + 1), waitMs);
    return () => clearTimeout(timer);
  }, [at, isPast, now]);
  return isPast;
}
