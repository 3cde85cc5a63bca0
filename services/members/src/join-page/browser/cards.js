import { cardColours } from './colours.js';
import { copyButton } from './copying.js';
import { make } from './dom.js';
import { counted, countText, dateText, fill, minorText, moneyText, page, pointsText } from './texts.js';

const { wallet } = page.texts;

/**
 * A section with a title and a list, or nothing without items.
 * @param {string} title
 * @param {string} kind
 * @param {HTMLElement[]} items
 */
export const listSection = (title, kind, items) =>
  items.length === 0
    ? null
    : make('section', {}, make('h2', {}, title), make('ul', { class: `tiles ${kind}` }, ...items));

/**
 * A tile in the colours of its partner.
 * @param {{ bg_color?: string | null, text_color?: string | null }} colours
 * @param {(Node | null)[]} head
 * @param {(Node | null)[]} rest
 */
function tile({ bg_color: background = null, text_color: text = null }, head, rest) {
  const colours = cardColours(background, text);
  const top = make('div', { class: 'head' }, ...head);
  if (colours) {
    top.style.setProperty('background-color', colours.background);
    top.style.setProperty('color', colours.text);
  }
  return make('li', { class: 'tile' }, top, ...rest);
}

/** @param {string | null} text */
const hint = (text) => (text === null ? null : make('p', { class: 'hint' }, text));

/**
 * A card with the member's balance on it.
 * @param {any} card
 * @param {any} balance undefined: nothing has happened on it
 */
export function cardTile(card, balance) {
  const states = { expired: wallet.expired, inactive: wallet.inactive, scheduled: wallet.notYet };
  const state = states[/** @type {keyof typeof states} */ (card.status)];
  const { active = 0, pending = 0, held = 0, expiring_next: next = null } = balance ?? {};
  const unit = card.currency_unit_amount;
  return tile(
    card,
    [
      make('h2', {}, card.title),
      card.head ? make('p', {}, card.head) : null,
      make('p', { class: 'points' }, make('strong', {}, countText(active)), ` ${counted(wallet.points, active)}`),
      state === undefined ? null : make('p', { class: 'badge' }, state),
    ],
    [
      pending > 0 ? hint(fill(wallet.pending, { points: pointsText(pending) })) : null,
      held > 0 ? hint(fill(wallet.held, { points: pointsText(held) })) : null,
      next ? hint(fill(wallet.expire, { points: pointsText(next.points), date: dateText(next.expires_at) })) : null,
      unit === undefined || state !== undefined
        ? null
        : hint(
            fill(wallet.earn, {
              points: pointsText(card.points_per_currency),
              amount: moneyText(unit, card.currency),
            }),
          ),
      !balance && card.initial_bonus_points > 0
        ? hint(fill(wallet.welcome, { points: pointsText(card.initial_bonus_points) }))
        : null,
      hint(card.description ?? null),
    ],
  );
}

/**
 * Where the member stands on a ladder.
 * @param {any} ladder
 */
export function tierTile({ tier, next_tier: next, lifetime_points: points, points_to_next_tier: missing }) {
  const name = tier ? tier.display_name : '–';
  const goal = next
    ? fill(wallet.toNext, { points: pointsText(missing ?? 0), tier: next.display_name })
    : wallet.topTier;
  const bar =
    next && make('progress', { max: String(next.points_threshold || 1), value: String(points), 'aria-label': goal });
  return make('li', { class: 'tile plain' }, make('h3', {}, name), bar, hint(goal));
}

/**
 * A stamp card, as full as it is.
 * @param {any} card
 */
export function stampTile(card) {
  const { current_stamps: current, stamps_required: required, pending_rewards: ready } = card;
  const stamps = Array.from({ length: required }, (_, n) =>
    make('span', { class: n < current ? 'stamp full' : 'stamp' }),
  );
  const reward = card.reward_title ?? (card.reward_points ? pointsText(card.reward_points) : null);
  return tile(
    card,
    [
      make('h3', {}, card.title),
      make('p', {}, fill(wallet.stampCount, { current: countText(current), required: countText(required) })),
    ],
    [
      make('div', { class: 'stamps', 'aria-hidden': 'true' }, ...stamps),
      reward === null ? null : make('p', {}, fill(wallet.rewardIs, { reward })),
      ready > 0 ? make('p', { class: 'ready' }, counted(wallet.rewardsReady, ready)) : null,
      card.next_expiry ? hint(fill(wallet.stampsExpire, { date: dateText(card.next_expiry) })) : null,
      card.valid_until ? hint(fill(wallet.validUntil, { date: dateText(card.valid_until) })) : null,
      hint(card.description ?? null),
    ],
  );
}

/**
 * A voucher with its code.
 * @param {any} voucher
 */
export function voucherTile(voucher) {
  const { code, title, description, min_purchase_amount: least, valid_until: until, uses_left: left } = voucher;
  return make(
    'li',
    { class: 'tile plain' },
    make('h3', {}, title),
    make('p', { class: 'number' }, code),
    copyButton(code, wallet.voucherCode),
    hint(description ?? null),
    least ? hint(fill(wallet.fromAmount, { amount: minorText(least, voucher.currency) })) : null,
    until ? hint(fill(wallet.validUntil, { date: dateText(until) })) : null,
    left === null ? null : hint(counted(wallet.usesLeft, left)),
  );
}
