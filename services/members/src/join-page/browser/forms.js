import { byId, make } from './dom.js';
import { counted, page } from './texts.js';

/**
 * A field of a form.
 * @param {'join' | 'open'} form
 * @param {string} name
 * @returns {HTMLInputElement}
 */
export const inputOf = (form, name) => /** @type {HTMLInputElement} */ (byId(`${form}-${name}`));

/**
 * What was written into a field.
 * @param {'join' | 'open'} form
 * @param {string} name
 */
export const valueOf = (form, name) => inputOf(form, name).value.trim();

/**
 * Shows what is wrong with a form, at each field and in one sentence above, and brings the reader to the first field. Without
 * problems it takes away those that were shown.
 * @param {'join' | 'open'} form
 * @param {Record<string, string>} problems by the names of fields
 * @param {string} [whole] about the form as a whole
 */
export function showProblems(form, problems, whole) {
  for (const input of byId(form).querySelectorAll('input')) {
    const place = document.getElementById(`${input.id}-problem`);
    if (!place) continue;
    const text = problems[input.name] ?? '';
    place.textContent = text;
    if (text === '') input.removeAttribute('aria-invalid');
    else input.setAttribute('aria-invalid', 'true');
    if (text !== '') input.closest('details')?.setAttribute('open', '');
  }
  const names = Object.keys(problems);
  const summary = whole ?? (names.length > 0 ? counted(page.texts.problems.summary, names.length) : '');
  byId(`${form}-problem`).replaceChildren(...(summary === '' ? [] : [make('p', {}, summary)]));
  const first = /** @type {HTMLElement | null} */ (byId(form).querySelector('[aria-invalid]'));
  if (first) first.focus();
  else if (whole !== undefined) byId(`${form}-problem`).scrollIntoView({ block: 'nearest' });
}

/**
 * Runs what a form does, once at a time.
 * @param {'join' | 'open'} form
 * @param {() => Promise<void>} run
 */
export function onSubmit(form, run) {
  const button = /** @type {HTMLButtonElement} */ (byId(form).querySelector('button[type=submit]'));
  const label = button.textContent;
  let isRunning = false;
  button.disabled = false;
  byId(form).addEventListener('submit', async (event) => {
    event.preventDefault();
    if (isRunning) return;
    isRunning = true;
    // Not `disabled`, which would take the focus away from who has just pressed it.
    button.setAttribute('aria-disabled', 'true');
    button.textContent = page.texts.join.sending;
    try {
      await run();
    } finally {
      isRunning = false;
      button.removeAttribute('aria-disabled');
      button.textContent = label;
    }
  });
}
