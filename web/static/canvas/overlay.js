// Drawn over the picture in each frame: rings of the selected and the hovered card, and names of dots.
import { halfWidth } from './card.js';
import { DOTS, MARKS, WORDS } from './look.js';
import { shortened } from './text.js';

const NAMES = 24;

export function paintOverlay(context, graph, scale, look, box, width) {
  if (scale < WORDS && scale >= DOTS && !look.shift) paintNames(context, graph, scale, look, box, width);
  for (const [number, thick] of [[look.hovered, 1.5], [look.selected, 3]]) {
    if (number >= 0) ring(context, graph, graph.cards[number], scale, look, thick);
  }
}

function ring(context, graph, card, scale, look, thick) {
  const [dx, dy] = look.shift ? look.shift.of(card.number) : [0, 0];
  const gap = Math.max(3, 3 / scale);
  const [wide, high] = [Math.max(scale < WORDS ? graph.halfWidth : halfWidth(graph, scale), 5 / scale) + gap, Math.max(graph.halfHeight, 3 / scale) + gap];
  context.globalAlpha = 1;
  context.beginPath();
  context.roundRect(card.x + dx - wide, card.y + dy - high, wide * 2, high * 2, card.of === 'artifact' ? 12 + gap : gap);
  context.strokeStyle = look.colours.focus;
  context.lineWidth = Math.max(thick, thick / scale);
  context.stroke();
}

// An order in which those side by side are not named one after another.
const mixed = (number) => (number * 2654435761) % 4294967296;

// The cards in the order in which they are named, found once for each look.
function ranked(graph, look) {
  if (graph.ranked?.key === look.key) return graph.ranked.cards;
  const rank = ({ number, kind, state, start, group, upstream, downstream }) => (
    (number === look.hovered ? 1e9 : 0) + (number === look.selected ? 1e8 : 0) + (start ? 1e7 : 0)
    + (look.matched?.[number] ? 1e6 : 0) + (kind === 'context' && MARKS[state] === 'bad' ? 1e5 : 0) + (group?.count ?? 0) * 10 + upstream + downstream);
  const stressed = look.lit ?? look.matched;
  const ranks = Float64Array.from(graph.cards, rank);
  const cards = graph.cards.filter(({ number }) => !look.later?.[number] && !(stressed && !stressed[number]));
  cards.sort((one, other) => ranks[other.number] - ranks[one.number] || mixed(one.number) - mixed(other.number));
  graph.ranked = { key: look.key, cards };
  return cards;
}

// Dots have no room for words; those that matter most are named beside, as long as names do not meet.
function paintNames(context, graph, scale, look, [left, top, right, low], width) {
  const size = 11 / scale;
  const taken = [];
  context.globalAlpha = 1;
  context.font = `600 ${size}px ${look.colours.font}`;
  context.textBaseline = 'bottom';
  context.textAlign = 'center';
  context.lineJoin = 'round';
  let tried = 0;
  for (const card of ranked(graph, look)) {
    if (card.x < left || card.x > right || card.y < top || card.y > low) continue;
    tried += 1;
    if (tried > NAMES * 8 || taken.length >= Math.max(6, (NAMES * width) / 1280)) break;
    const half = (Math.min(24, card.heading.length) * size * 0.62) / 2;
    const bottom = card.y - graph.halfHeight - 2 / scale;
    const box = [card.x - half, bottom - size * 1.3, card.x + half, bottom];
    if (taken.some((other) => box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1])) continue;
    taken.push(box);
    const text = shortened(context, card.heading, size * 16, card.kind === 'context');
    context.strokeStyle = look.colours.paper;
    context.lineWidth = 4 / scale;
    context.strokeText(text, card.x, bottom);
    context.fillStyle = look.colours.ink;
    context.fillText(text, card.x, bottom);
  }
  context.textAlign = 'start';
}
