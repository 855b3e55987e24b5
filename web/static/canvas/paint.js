// Draws a part of the picture in small pieces, so that a large part can be drawn over several frames:
// wires first, then cards near by, boxes with a word farther off, dots from afar.
import { paintCard } from './card.js';
import { DOTTED } from './columns.js';
import { DOTS, MARKS, WORDS } from './look.js';
import { paintBlocks } from './rollup.js';

const PIECE = 240; // segments or dots drawn at once
const DENSE = 2000; // segments; more than that would hide from afar what they join
const PATTERNS = 3; // plain, dashed, dotted
const DIM = 1;
const LIT = 2;

// What is within a box, and how much work it is to draw.
export function visible(graph, scale, [left, top, right, bottom]) {
  if (scale < DOTS) return { cards: [], segments: [], work: 0 };
  const cards = graph.cardPlaces.within(left, top, right, bottom);
  const segments = graph.wirePlaces.within(left, top, right, bottom);
  return { cards, segments, work: cards.length * (scale >= WORDS ? 8 : 1) + segments.length };
}

// Yields how much work each piece was.
export function* painting(context, graph, scale, box, look, found = visible(graph, scale, box)) {
  if (scale < DOTS) {
    paintBlocks(context, graph, scale, box, look);
    return;
  }
  yield* wires(context, graph, scale, look, found.segments);
  const numbers = found.cards.sort((one, other) => one - other);
  if (scale < WORDS) yield* dots(context, graph, scale, look, numbers);
  else {
    for (const number of numbers) {
      context.globalAlpha = alphaOf(look, number);
      paintCard(context, graph, graph.cards[number], scale, look);
      yield 8;
    }
  }
  context.globalAlpha = 1;
}

export function alphaOf(look, number) {
  const stressed = look.lit ?? look.matched;
  const entering = look.shift?.fresh[number] ? look.shift.share : 1;
  return (stressed && !stressed[number] ? 0.25 : 1) * entering;
}

function* wires(context, graph, scale, look, segments) {
  const buckets = new Map();
  const plain = scale < WORDS && segments.length > DENSE ? 0.5 : 1;
  for (const segment of segments) {
    const style = styleOf(graph, look, graph.wireOf[segment]);
    if (style < 0) continue;
    if (!buckets.has(style)) buckets.set(style, []);
    buckets.get(style).push(segment);
  }
  for (const style of [...buckets.keys()].sort((one, other) => (one % 3) - (other % 3))) {
    const stress = style % 3;
    const change = look.changed?.[Math.floor(style / 3 / PATTERNS)];
    const pattern = Math.floor(style / 3) % PATTERNS;
    const fading = look.shift ? Math.max(0, look.shift.share * 1.6 - 0.6) : 1;
    const list = buckets.get(style);
    for (let from = 0; from < list.length; from += PIECE) {
      context.beginPath();
      for (const segment of list.slice(from, from + PIECE)) trace(context, graph, segment, scale < WORDS, look.shift);
      context.globalAlpha = (stress === DIM ? 0.25 : stress === LIT ? 1 : plain) * (look.shift?.fades ? fading : 1);
      context.strokeStyle = stress === LIT ? look.colours.focus : look.colours[change && change !== 'same' ? change : 'line'];
      context.lineWidth = Math.max(stress === LIT ? 2.2 : pattern === DOTTED ? 1 : 1.4, (stress === LIT && scale >= WORDS ? 1.4 : 0.7) / scale);
      const dash = pattern === DOTTED ? [1.5, 3.5] : pattern || change === 'missing' ? [6, 4] : [];
      context.setLineDash(dash.map((length) => length / Math.min(1, scale)));
      context.stroke();
      if (pattern === DOTTED && scale >= WORDS) equals(context, graph, list.slice(from, from + PIECE), look);
      yield Math.min(PIECE, list.length - from);
    }
  }
  context.setLineDash([]);
}

// A sign on each wire between what is the same thing.
function equals(context, graph, segments, look) {
  const signed = new Set();
  for (const segment of segments) {
    const wire = graph.wireOf[segment];
    if (signed.has(wire)) continue;
    signed.add(wire);
    const [x1, y1, x2, y2] = graph.segments.subarray(segment * 4, segment * 4 + 4);
    const [x, y] = [(x1 + x2) / 2, (y1 + y2) / 2];
    context.fillStyle = look.colours.paper;
    context.fillRect(x - 6, y - 6, 12, 12);
    context.fillStyle = look.colours.soft;
    context.font = `600 13px ${look.colours.font}`;
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    context.fillText('=', x, y);
    context.textAlign = 'start';
  }
}

// A number for each way a wire can look; -1 where it is not drawn.
function styleOf(graph, look, wire) {
  if (look.laterWires?.[wire]) return -1;
  const [source, target] = [graph.source[wire], graph.target[wire]];
  const stressed = look.lit ?? look.matched;
  let style = 0;
  if (stressed) style = look.lit && stressed[source] && stressed[target] ? LIT : DIM;
  style += 3 * graph.pattern[wire];
  if (look.changed) style += 3 * PATTERNS * Math.max(0, look.changed.indexOf(changeOf(graph.picture.changes, source, target)));
  return style;
}

function changeOf(changes, source, target) {
  for (const change of ['missing', 'added']) {
    if (changes[source] === change || changes[target] === change) return change;
  }
  return changes[source] === 'changed' && changes[target] === 'changed' ? 'changed' : 'same';
}

function trace(context, graph, segment, straight, shift) {
  let [x1, y1, x2, y2] = graph.segments.subarray(segment * 4, segment * 4 + 4);
  if (shift) {
    const wire = graph.wireOf[segment];
    const [one, other] = [shift.of(graph.source[wire]), shift.of(graph.target[wire])];
    const [begins, ends] = [graph.parts[segment * 2], graph.parts[segment * 2 + 1]];
    x1 += one[0] * (1 - begins) + other[0] * begins;
    y1 += one[1] * (1 - begins) + other[1] * begins;
    x2 += one[0] * (1 - ends) + other[0] * ends;
    y2 += one[1] * (1 - ends) + other[1] * ends;
  }
  context.moveTo(x1, y1);
  const middle = (x1 + x2) / 2;
  if (straight) context.lineTo(x2, y2);
  else context.bezierCurveTo(middle, y1, middle, y2, x2, y2);
}

function* dots(context, graph, scale, look, numbers) {
  const [wide, high] = [graph.halfWidth * 2, Math.max(graph.halfHeight * 2, 2.5 / scale)];
  const buckets = new Map();
  for (const number of numbers) {
    const card = graph.cards[number];
    const colour = look.later?.[number] ? 'later' : colourOf(card, look);
    const key = `${colour} ${alphaOf(look, number)}`;
    if (!buckets.has(key)) buckets.set(key, []);
    buckets.get(key).push(card);
  }
  for (const [key, cards] of buckets) {
    const [colour, alpha] = key.split(' ');
    context.globalAlpha = colour === 'later' ? 0.15 : Number(alpha);
    context.fillStyle = look.colours[colour === 'later' ? 'soft' : colour];
    for (let at = 0; at < cards.length; at += 1) {
      const { x, y, number, of, group } = cards[at];
      const [dx, dy] = look.shift ? look.shift.of(number) : [0, 0];
      const [left, top] = [x + dx - wide / 2, y + dy - high / 2];
      if (group) context.fillRect(left + 14, top - 12, wide, high / 2);
      if (of === 'artifact' && scale > 0.09) {
        context.beginPath();
        context.roundRect(left, top, wide, high, 14);
        context.fill();
      } else context.fillRect(left, top, wide, high);
      if (at % PIECE === PIECE - 1) yield PIECE;
    }
  }
}

function colourOf(card, look) {
  const change = look.changed && look.changes[card.number];
  if (change) return change;
  const mark = look.running?.[card.number] ? 'busy' : MARKS[card.state];
  return mark && mark !== 'good' ? mark : `${card.of === 'artifact' ? 'artifact' : 'execution'}-edge`;
}
