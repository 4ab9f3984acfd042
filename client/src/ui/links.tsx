import { Anchor, Button, type AnchorProps, type ButtonProps } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { AnchorHTMLAttributes, Ref } from 'react';

type Native<Own> = Own & Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof Own> & { ref?: Ref<HTMLAnchorElement> };

/** A text link to a page; the router checks address and parameters. */
export const LinkAnchor = createLink((props: Native<AnchorProps>) => <Anchor {...props} />);

/** A page link that looks like a button. */
export const LinkButton = createLink((props: Native<ButtonProps>) => <Button component="a" {...props} />);
