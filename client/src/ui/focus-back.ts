import { useEffect } from 'react';

const DIALOG = '[role=dialog], [role=alertdialog]';

/** Where the focus was last, in a dialog and outside of any. Menus and lists are passed over: they are gone after a choice. */
let inside: Element | null = null;
let outside: Element | null = null;
document.addEventListener('focusin', ({ target }) => {
  if (!(target instanceof Element) || target.closest('[role=menu], [role=listbox]')) return;
  if (target.closest(DIALOG)) inside = target;
  else outside = target;
});

let open = 0;

/**
 * Gives the focus back when a dialog closes, also one that is taken from the page at once or was opened by a menu: to what
 * opened it, or to the content of the page where that is gone. What the focus was sent to on purpose keeps it.
 */
export function useFocusBack(opened: boolean): void {
  useEffect(() => {
    if (!opened) return;
    open += 1;
    return () => {
      open -= 1;
      // What closes the dialog may also open another or go to another page: they come first.
      setTimeout(giveBack, 0);
    };
  }, [opened]);
}

function giveBack(): void {
  const now = document.activeElement;
  const lost = !now || now === document.body || (open === 0 && now.closest(DIALOG));
  if (!lost) return;
  const before = open > 0 ? inside : outside;
  const there = before?.isConnected ? before : open > 0 ? null : document.getElementById('content');
  if (there instanceof HTMLElement) there.focus({ preventScroll: true });
}
