import { useState, type ReactNode, type SubmitEvent } from 'react';
import { Button } from '@trancendos/ui';

export interface CredentialField {
  /** Under which it is handed over. */
  readonly name: string;
  readonly label: string;
  /** What the browser fills in; a name is in the open, passwords are not. */
  readonly autoComplete: 'username' | 'current-password' | 'new-password';
  readonly hint?: string | undefined;
}

export interface CredentialsFormProps {
  /** Begins the ids of its fields. */
  readonly id: string;
  readonly fields: readonly CredentialField[];
  /** On the button. */
  readonly submit: ReactNode;
  /** Whose password it is, where no field asks: a password manager keeps it under this name. */
  readonly account?: string | undefined;
  /** Gives what is wrong, in words; undefined where all went well. */
  readonly onSubmit: (values: Readonly<Record<string, string>>) => Promise<string | undefined>;
}

/** Names and passwords, sent once at a time; what was refused is said under them. */
export function CredentialsForm({ id, fields, submit, account, onSubmit }: CredentialsFormProps) {
  const [fault, setFault] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const send = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const typed = [...new FormData(event.currentTarget)].filter((entry): entry is [string, string] => typeof entry[1] === 'string');
    setBusy(true);
    const said = await onSubmit(Object.fromEntries(typed));
    setBusy(false);
    setFault(said);
  };
  return (
    <form className="sign-in-form" onSubmit={(event) => void send(event)}>
      {account !== undefined && <input type="text" autoComplete="username" value={account} readOnly hidden />}
      {fields.map((field) => (
        <Field key={field.name} id={`${id}-${field.name}`} field={field} />
      ))}
      <p className="sign-in-fault" role="alert">
        {fault}
      </p>
      <Button type="submit" variant="primary" disabled={isBusy}>
        {submit}
      </Button>
    </form>
  );
}

function Field({ id, field: { name, label, autoComplete, hint } }: { readonly id: string; readonly field: CredentialField }) {
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        name={name}
        className="input"
        type={autoComplete === 'username' ? 'text' : 'password'}
        autoComplete={autoComplete}
        autoCapitalize="none"
        spellCheck={false}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        required
      />
      {hint !== undefined && (
        <span id={`${id}-hint`} className="second">
          {hint}
        </span>
      )}
    </div>
  );
}
