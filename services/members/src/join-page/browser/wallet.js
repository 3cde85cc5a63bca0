import { ask, isGood, isOff, problemText } from './api.js';
import { cardTile, listSection, stampTile, tierTile, voucherTile } from './cards.js';
import { copyButton } from './copying.js';
import { announce, byId, fillView, make, show } from './dom.js';
import { historyPage, historySection } from './history.js';
import { identifierBox } from './identifier.js';
import { forget, recall } from './memory.js';
import { fill, page } from './texts.js';

/** A phone that was put away and is looked at again shows what happened meanwhile. */
const STALE_MS = 30_000;

/** @typedef {import('./api.js').Answered} Answered */

let loadedAt = 0;

/**
 * Whether this browser is still that of who asked: another may be at it when an answer comes late.
 * @param {string} key
 */
const isStill = (key) => recall()?.key === key;

/** @param {string} key */
async function loadAll(key) {
  const read = (/** @type {string} */ path) => ask(`agent/v1/member/${path}`, { key });
  const [cards, balances, tier, stamps, vouchers, history] = await Promise.all([
    read('cards?per_page=100'),
    read('balance'),
    read('tier'),
    read('stamp-cards?per_page=100'),
    read('vouchers?per_page=100'),
    historyPage(key, 1),
  ]);
  return { cards, balances, tier, stamps, vouchers, history };
}

/** @param {Answered} answered */
const itemsOf = (answered) => (isGood(answered) ? answered.data : []);

/**
 * Cards with their balances: the one to begin with, then those that were used. What the list of cards does not show, its balance does.
 * @param {any[]} cards
 * @param {any[]} balances
 * @param {string | null} firstId
 */
function cardTiles(cards, balances, firstId) {
  const byCard = new Map(balances.map((balance) => [balance.card_id, balance]));
  const known = new Set(cards.map(({ id }) => id));
  const others = balances.filter(({ card_id: id }) => !known.has(id));
  const all = [...cards, ...others.map(({ card_id: id, card_name: title }) => ({ id, title }))];
  const rank = (/** @type {any} */ { id }) => (id === firstId ? 0 : byCard.has(id) ? 1 : 2);
  return all.sort((a, b) => rank(a) - rank(b)).map((card) => cardTile(card, byCard.get(card.id)));
}

/**
 * @param {string} key
 * @param {any} profile
 * @param {string | null} firstId
 */
async function showParts(key, profile, firstId) {
  const { wallet } = page.texts;
  const all = await loadAll(key);
  if (!isStill(key)) return;
  const [cards, balances] = [itemsOf(all.cards), itemsOf(all.balances)];
  const titles = new Map([
    ...balances.map((/** @type {any} */ one) => [one.card_id, one.card_name]),
    ...cards.map((/** @type {any} */ one) => [one.id, one.title]),
  ]);
  const isPartly = Object.values(all).some((one) => !isGood(one) && !isOff(one));
  const tiles = cardTiles(cards, balances, firstId);
  const isEmpty = tiles.length === 0 && isGood(all.cards);
  const ladders = isGood(all.tier) ? all.tier.data.ladders : [];
  fillView(
    'wallet',
    identifierBox(profile.unique_identifier),
    isPartly ? make('p', { class: 'problem', role: 'alert' }, wallet.partly) : null,
    isEmpty ? make('p', { class: 'note' }, wallet.noCards) : null,
    tiles.length > 0 ? make('ul', { class: 'tiles', 'aria-labelledby': 'wallet-title' }, ...tiles) : null,
    listSection(
      wallet.tier,
      'ladders',
      ladders.filter((/** @type {any} */ one) => one.tier || one.next_tier).map(tierTile),
    ),
    listSection(wallet.stamps, 'stamp-cards', itemsOf(all.stamps).map(stampTile)),
    listSection(wallet.vouchers, 'vouchers', itemsOf(all.vouchers).map(voucherTile)),
    isGood(all.history) ? historySection(key, all.history, titles) : null,
    endOfWallet(key),
  );
}

/** @param {string} key */
function endOfWallet(key) {
  const { wallet } = page.texts;
  const again = make('button', { type: 'button', class: 'second' }, wallet.refresh);
  again.addEventListener('click', () => void refresh(wallet.refreshed));
  const leave = make('button', { type: 'button', class: 'plain' }, wallet.forget);
  const dialog = forgetDialog(key);
  leave.addEventListener('click', () => dialog.showModal());
  return make('div', { class: 'end' }, again, leave, dialog);
}

/** @param {string} key */
function forgetDialog(key) {
  const { wallet } = page.texts;
  const no = make('button', { type: 'button', class: 'second' }, wallet.forgetNo);
  const yes = make('button', { type: 'button' }, wallet.forgetYes);
  const dialog = make(
    'dialog',
    { 'aria-labelledby': 'forget-title' },
    make('h2', { id: 'forget-title' }, wallet.forgetTitle),
    make('p', {}, wallet.forgetText),
    copyButton(key, page.texts.joined.key, wallet.copyKey),
    make('div', { class: 'end' }, no, yes),
  );
  no.addEventListener('click', () => dialog.close());
  yes.addEventListener('click', () => {
    dialog.close();
    forget();
    fillView('wallet');
    show('welcome');
    announce(wallet.forgotten);
  });
  return dialog;
}

/**
 * Loads everything anew.
 * @param {string} done what is told when it is there
 */
async function refresh(done) {
  const { wallet } = page.texts;
  const remembered = recall();
  if (!remembered) return;
  const { key, cardId } = remembered;
  loadedAt = Date.now();
  const answered = await ask('agent/v1/member/profile', { key });
  if (!isStill(key)) return;
  if (!isGood(answered)) return void showFailure(answered);
  const { name } = answered.data;
  byId('wallet-title').textContent = name ? fill(wallet.hello, { name }) : wallet.title;
  await showParts(key, answered.data, cardId);
  if (isStill(key)) announce(done);
}

/** @param {Answered} answered */
function showFailure(answered) {
  const text = problemText(answered);
  const again = make('button', { type: 'button' }, page.texts.wallet.retry);
  again.addEventListener('click', () => void refresh(page.texts.wallet.loaded));
  const end = endOfWallet(recall()?.key ?? '');
  end.firstElementChild?.remove();
  fillView('wallet', make('p', { class: 'problem', role: 'alert' }, text), again, end);
}

/** Shows the cards of the key that is remembered. */
export async function openWallet() {
  const { wallet } = page.texts;
  byId('wallet-title').textContent = wallet.title;
  fillView('wallet', make('p', { class: 'note' }, wallet.loading));
  show('wallet');
  await refresh(wallet.loaded);
}

export function watchForReturn() {
  document.addEventListener('visibilitychange', () => {
    const isSeen = document.visibilityState === 'visible' && !byId('wallet').hidden;
    if (isSeen && Date.now() - loadedAt > STALE_MS) void refresh(page.texts.wallet.refreshed);
  });
}
