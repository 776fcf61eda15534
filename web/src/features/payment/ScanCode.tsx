import { Button, QRCode } from 'antd';
import { useTranslations } from 'use-intl';

interface ScanCodeProps {
  content: string;
  /** Where the same is paid on this device; null where it only can be scanned. */
  url: string | null;
  isExpired: boolean;
}

/** A code to pay with a phone. It brings a library with it, so it is loaded only where one is shown. */
export function ScanCode({ content, url, isExpired }: ScanCodeProps) {
  const t = useTranslations('checkout');
  return (
    <div className="scan">
      <p>{t('scan')}</p>
      {/* Scanners want dark on light, whatever the page's colors are. */}
      <QRCode
        value={content}
        size={208}
        color="#000000"
        bgColor="#ffffff"
        errorLevel="M"
        status={isExpired ? 'expired' : 'active'}
        aria-label={t('code')}
      />
      {url && !isExpired && <Button href={url}>{t('openHere')}</Button>}
    </div>
  );
}
