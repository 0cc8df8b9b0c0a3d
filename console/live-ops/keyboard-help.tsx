import { useEffect, useRef } from 'react';

const KEYS = [
  ['j / ↓', 'next outcome'],
  ['k / ↑', 'outcome before'],
  ['Enter', 'open the newest'],
  ['Esc', 'close'],
  ['P', 'pause or resume the feed'],
  ['/', 'filter'],
  ['?', 'this list'],
] as const;

/** The keys that the page listens to. */
export function KeyboardHelp({ onClose }: { readonly onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  return (
    <dialog ref={dialog} className="help" onClose={onClose} aria-labelledby="help-title">
      <h2 id="help-title">Keyboard</h2>
      <dl>
        {KEYS.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <form method="dialog">
        <button type="submit" className="button">
          Close <kbd>Esc</kbd>
        </button>
      </form>
    </dialog>
  );
}
