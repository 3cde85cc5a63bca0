import { ask, isGood, problemText } from './api.js';
import { announce, make } from './dom.js';
import { dateText, fill, page, countText, signedText } from './texts.js';

const PER_PAGE = 10;

/**
 * @param {string} key
 * @param {number} number
 */
export const historyPage = (key, number) =>
  ask(`agent/v1/member/transactions?per_page=${PER_PAGE}&page=${number}`, { key });

/**
 * One entry.
 * @param {any} entry
 * @param {Map<string, string>} titles of the cards
 */
function historyItem(entry, titles) {
  const { events, wallet } = page.texts;
  const title = titles.get(entry.card_id);
  return make(
    'li',
    {},
    make(
      'div',
      {},
      make('p', { class: 'what' }, events[entry.event] ?? events.other),
      make(
        'p',
        { class: 'hint' },
        make('time', { datetime: entry.occurred_at }, dateText(entry.occurred_at)),
        title === undefined ? null : ` · ${title}`,
      ),
    ),
    make(
      'div',
      { class: 'amount' },
      make('p', { class: entry.points < 0 ? 'less' : 'more' }, signedText(entry.points)),
      make('p', { class: 'hint' }, fill(wallet.balanceAfter, { balance: countText(entry.balance_after) })),
    ),
  );
}

/**
 * What has happened, newest first, and more of it at the press of a button.
 * @param {string} key
 * @param {import('./api.js').Answered} first page
 * @param {Map<string, string>} titles of the cards
 */
export function historySection(key, first, titles) {
  const { history, noHistory, more } = page.texts.wallet;
  const shown = new Set();
  const list = make('ul', { class: 'history' });
  const problem = make('p', { class: 'problem', role: 'alert' });
  const button = make('button', { type: 'button', class: 'second' }, more);
  let current = first;

  /** @param {import('./api.js').Answered} answered */
  const add = (answered) => {
    // A new entry moves the others to the next page.
    const fresh = answered.data.filter((/** @type {any} */ { id }) => !shown.has(id));
    for (const entry of fresh) shown.add(entry.id);
    list.append(...fresh.map((/** @type {any} */ entry) => historyItem(entry, titles)));
    current = answered;
    button.hidden = (answered.pagination?.current_page ?? 1) >= (answered.pagination?.last_page ?? 1);
    return fresh.length;
  };

  button.addEventListener('click', async () => {
    const answered = await historyPage(key, (current.pagination?.current_page ?? 1) + 1);
    problem.textContent = isGood(answered) ? '' : problemText(answered);
    if (!isGood(answered)) return;
    const before = list.children.length;
    const count = add(answered);
    announce(`${history}: +${countText(count)}`);
    const next = /** @type {HTMLElement | undefined} */ (list.children[before]);
    next?.setAttribute('tabindex', '-1');
    next?.focus();
  });

  const isEmpty = add(first) === 0;
  return make(
    'section',
    {},
    make('h2', {}, history),
    isEmpty ? make('p', { class: 'hint' }, noHistory) : list,
    problem,
    button,
  );
}
