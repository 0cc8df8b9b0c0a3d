import type { AnchorHTMLAttributes, MouseEvent } from 'react';
import { shell } from './shell.ts';

/** A link within the console: opens without loading the page again, and in a new tab where the reader asks for one. */
export function Link({ href, onClick, ...rest }: AnchorHTMLAttributes<HTMLAnchorElement> & { readonly href: string }) {
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (event.defaultPrevented || !isPlain || rest.target) return;
    event.preventDefault();
    shell().navigate(href);
  };
  return <a href={href} onClick={follow} {...rest} />;
}
