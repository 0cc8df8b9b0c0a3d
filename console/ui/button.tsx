import type { ComponentProps, ReactNode } from 'react';

export interface ButtonProps extends ComponentProps<'button'> {
  readonly variant?: 'outline' | 'primary' | 'quiet' | 'danger';
  /** Why it cannot be used. It stays reachable, so that the reason can be read. */
  readonly disabledReason?: string | undefined;
}

/** A button with words. One that is not allowed says why instead of going away. */
export function Button({ variant = 'outline', disabledReason, className = '', onClick, title, ...rest }: ButtonProps) {
  const isBlocked = disabledReason !== undefined;
  return (
    <button
      type="button"
      className={`button ${className}`}
      data-variant={variant}
      aria-disabled={isBlocked || undefined}
      title={disabledReason ?? title}
      onClick={isBlocked ? undefined : onClick}
      {...rest}
    />
  );
}

export interface IconButtonProps extends Omit<ComponentProps<'button'>, 'children'> {
  /** What it does, for those who do not see the icon, and as its tip. */
  readonly label: string;
  readonly children: ReactNode;
}

/** A button with an icon alone. */
export function IconButton({ label, className = '', ...rest }: IconButtonProps) {
  return <button type="button" className={`icon-button ${className}`} aria-label={label} title={label} {...rest} />;
}
