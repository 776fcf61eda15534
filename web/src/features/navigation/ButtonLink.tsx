import { createLink } from '@tanstack/react-router';
import { Button, type ButtonProps } from 'antd';

/** A button that leads somewhere: a real link, so that it opens in a new tab too. */
export const ButtonLink = createLink(({ isPrimary = false, ...button }: ButtonLinkProps) => (
  <Button {...button} type={isPrimary ? 'primary' : 'default'} />
));

/** `type` would not arrive: the router keeps it for itself. */
interface ButtonLinkProps extends Omit<ButtonProps, 'type'> {
  isPrimary?: boolean;
}
