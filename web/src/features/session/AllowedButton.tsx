import type { Operation } from '@sluice/contract';
import { Button, type ButtonProps, Tooltip } from 'antd';
import { useRefusalOf } from './allowed.ts';

interface AllowedButtonProps extends Omit<ButtonProps, 'disabled'> {
  operation: Operation;
  /** A reason of the record's own why this cannot be done now. */
  blockedBecause?: string | undefined;
}

/** A button for one operation; where it is forbidden it stays visible, disabled, with the reason. */
export function AllowedButton({ operation, blockedBecause, ...button }: AllowedButtonProps) {
  const reason = useRefusalOf()(operation) ?? blockedBecause;
  if (!reason) return <Button {...button} />;
  return (
    <Tooltip title={reason}>
      {/* A disabled button swallows hovering; the wrapper keeps the reason in reach, by keyboard too. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: see above */}
      <span tabIndex={0} title={reason}>
        <Button {...button} disabled />
      </span>
    </Tooltip>
  );
}
