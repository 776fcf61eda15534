import { createLink } from '@tanstack/react-router';
import { Button, type ButtonProps } from 'antd';

/** A button that leads somewhere: a real link, so that it opens in a new tab too. */
export const ButtonLink = createLink((props: ButtonProps & { href?: string }) => (
  <Button {...props} />
));
