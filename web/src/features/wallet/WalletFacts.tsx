import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { Amount } from '../../ui/Amount.tsx';
import { toNanos } from '../../ui/decimal.ts';
import { Facts } from '../../ui/Facts.tsx';

export type Wallet = Answer<'getWallet'>;

interface WalletFactsProps {
  wallet: Wallet;
  /** Every digit, where the lines that add up to it stand below. */
  isExact?: boolean;
}

/** What a wallet has and what of it can be spent; a debt is named only where there is one. */
export function WalletFacts({ wallet, isExact = false }: WalletFactsProps) {
  const t = useTranslations('billing');
  const amount = (value: string) => (
    <Amount value={value} currency={wallet.currency} isExact={isExact} />
  );
  const owes = toNanos(wallet.owed) > 0n;
  return (
    <Facts
      as="figures"
      items={[
        { label: t('balance'), value: amount(wallet.balance) },
        { label: t('available'), value: amount(wallet.available) },
        { label: t('held'), value: amount(wallet.held) },
        ...(owes ? [{ label: t('owed'), value: amount(wallet.owed) }] : []),
      ]}
    />
  );
}
