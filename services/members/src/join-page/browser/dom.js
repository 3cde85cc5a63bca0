/**
 * An element of the page that must be there.
 * @param {string} id
 * @returns {HTMLElement}
 */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no ${id}`);
  return found;
}

/**
 * A new element. Texts are set as text, so nothing that came over the wire is ever read as markup.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, string | boolean | undefined>} attributes `false` and `undefined` leave an attribute out
 * @param {...(Node | string | null)} children `null` is left out
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

const views = ['welcome', 'joined', 'wallet'];

/**
 * Shows one of the page's views and brings the reader to its beginning.
 * @param {'welcome' | 'joined' | 'wallet'} name
 */
export function show(name) {
  for (const view of views) byId(view).hidden = view !== name;
  byId(`${name}-title`).focus();
  window.scrollTo(0, 0);
}

/**
 * Tells something to who does not see it appear.
 * @param {string} text
 */
export function announce(text) {
  byId('status').textContent = text;
}

/**
 * Replaces everything of a view but its title.
 * @param {'joined' | 'wallet'} name
 * @param {...(Node | null)} children
 */
export function fillView(name, ...children) {
  const title = byId(`${name}-title`);
  while (title.nextSibling) title.nextSibling.remove();
  title.after(...children.filter((child) => child !== null));
}
