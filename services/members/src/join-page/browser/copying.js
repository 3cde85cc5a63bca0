import { announce, make } from './dom.js';
import { page } from './texts.js';

/**
 * A button that copies a text and says so.
 * @param {string} text
 * @param {string} [label]
 */
export function copyButton(text, label = page.texts.copy.copy) {
  const { copied, failed } = page.texts.copy;
  const button = make('button', { type: 'button', class: 'second small' }, label);
  button.addEventListener('click', async () => {
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
