import { encode } from 'uqr';
import { copyButton } from './copying.js';
import { make } from './dom.js';
import { page } from './texts.js';

const SVG = 'http://www.w3.org/2000/svg';
/** What a reader needs around the code, in its squares. */
const QUIET = 4;

/**
 * A text as a QR code: dark squares on white in either colour scheme, since readers look for that.
 * @param {string} text
 */
function qrCode(text) {
  const { data, size } = encode(text, { ecc: 'M', border: QUIET });
  const squares = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])));
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', `0 0 ${size} ${size}`);
  svg.setAttribute('shape-rendering', 'crispEdges');
  svg.setAttribute('class', 'qr');
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', `QR: ${text}`);
  const [ground, path] = [document.createElementNS(SVG, 'rect'), document.createElementNS(SVG, 'path')];
  ground.setAttribute('width', String(size));
  ground.setAttribute('height', String(size));
  ground.setAttribute('fill', '#fff');
  path.setAttribute('d', squares.join(''));
  path.setAttribute('fill', '#000');
  svg.append(ground, path);
  return svg;
}

/**
 * The member's number, as text and as a code for the till.
 * @param {string} identifier
 */
export const identifierBox = (identifier) =>
  make(
    'div',
    { class: 'identifier' },
    qrCode(identifier),
    make(
      'div',
      {},
      make('p', { class: 'hint' }, page.texts.joined.identifier),
      make('p', { class: 'number' }, identifier),
      copyButton(identifier, page.texts.joined.identifier),
      make('p', { class: 'hint' }, page.texts.joined.show),
    ),
  );
