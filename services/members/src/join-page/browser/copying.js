import { announce, make } from './dom.js';
import { page } from './texts.js';

/**
 * A button that copies a text and says so.
 * @param {string} text
 * @param {string} what it is, for who hears of the button alone
 * @param {string} [label]
 */
export function copyButton(text, what, label = page.texts.copy.copy) {
  const { copied, failed } = page.texts.copy;
  const button = make('button', { type: 'button', class: 'second small', 'aria-label': `${label}: ${what}` }, label);
  button.addEventListener('click', async () => {
    button.removeAttribute('aria-label');
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = copied;
      announce(copied);
    } catch {
      button.textContent = failed;
      announce(failed);
    }
  });
  return button;
}
