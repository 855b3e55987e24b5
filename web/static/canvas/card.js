// One card: its box, its words, its state, what it hides, and how it differs.
import { BADGES, CARDS, MARKS, sharesOf } from './look.js';
import { plural } from './format.js';
import { shortened } from './text.js';

const SPREAD = 22; // how far a word may reach into the gap between columns

// Between cards and dots the words need the room between the columns.
export function halfWidth(graph, scale) {
  return scale >= CARDS ? graph.halfWidth : graph.halfWidth + SPREAD;
}

export function paintCard(context, graph, card, scale, look) {
  const { colours } = look;
  const [dx, dy] = look.shift ? look.shift.of(card.number) : [0, 0];
  const [x, y, half] = [card.x + dx, card.y + dy, halfWidth(graph, scale)];
  const change = look.changes?.[card.number];
  const later = look.later?.[card.number];
  if (later) context.globalAlpha *= 0.3;
  if (card.group && !later) {
    for (const offset of [8, 4]) box(context, graph, card, x + offset, y - offset, half, look, scale, null, true);
  }
  box(context, graph, card, x, y, half, look, scale, change, later);
  if (later) return;
  const mark = look.running?.[card.number] ? 'busy' : MARKS[card.state];
  const differs = change && change !== 'same';
  paintWords(context, graph, card, [x, y], scale, colours, card.group ? null : mark, differs ? bandWidth(scale) : 0);
  if (card.group && scale >= CARDS) paintShares(context, graph, card.group, [x, y], colours);
  if (differs) paintChange(context, graph, [x, y], half, change, colours, scale);
  if (scale >= BADGES) paintBadges(context, graph, card, [x, y], colours);
}

function box(context, graph, card, x, y, half, { colours }, scale, change, plain) {
  const kind = card.of === 'artifact' ? 'artifact' : 'execution';
  context.beginPath();
  context.roundRect(x - half, y - graph.halfHeight, half * 2, graph.halfHeight * 2, kind === 'artifact' ? 12 : 2);
  context.fillStyle = colours[card.kind === 'context' ? 'paper' : kind];
  context.fill();
  const thick = !plain && (card.start || (change && change !== 'same'));
  context.strokeStyle = change && !plain ? colours[change] : colours[`${kind}-edge`];
  context.lineWidth = Math.max(thick ? 3 : 1.2, 0.6 / scale);
  if (change === 'missing' || (card.kind === 'context' && !plain)) context.setLineDash([7, 4]);
  context.stroke();
  context.setLineDash([]);
}

function paintWords(context, graph, card, [x, y], scale, colours, mark, band) {
  const near = scale >= CARDS;
  const half = halfWidth(graph, scale);
  const [left, top] = [x - half, y - graph.halfHeight];
  let indent = near ? 12 : 8;
  if (mark) {
    context.beginPath();
    context.arc(left + 14, near ? top + 15 : y, near ? 5 : 9, 0, 2 * Math.PI);
    context.fillStyle = colours[mark];
    context.fill();
    indent = near ? 26 : 28;
  }
  const room = half * 2 - indent - (near ? 10 : 4 + band);
  context.fillStyle = colours.ink;
  context.textBaseline = 'middle';
  context.font = `600 ${near ? 13 : Math.min(26, Math.round(9 / scale))}px ${colours.font}`;
  context.fillText(shortened(context, card.heading, room, card.kind === 'context'), left + indent, near ? top + 15 : y);
  if (!near) return;
  context.fillStyle = colours.soft;
  context.font = `11.5px ${colours.font}`;
  context.fillText(shortened(context, card.text, graph.halfWidth * 2 - 22), left + 12, top + 32);
}

// How the members of a group are: a line below its words, coloured by their states.
function paintShares(context, graph, group, [x, y], colours) {
  const [wide, left] = [graph.halfWidth * 2 - 8, x - graph.halfWidth + 4];
  let from = left;
  for (const [mark, share] of sharesOf(group.states)) {
    context.fillStyle = colours[mark];
    context.fillRect(from, y + graph.halfHeight - 5, wide * share, 3);
    from += wide * share;
  }
}

// The legend's disc: near by on the corner, from farther off inside the card, for there the next card is close.
function paintChange(context, graph, [x, y], half, change, colours, scale) {
  const near = scale >= CARDS;
  const [right, top, band] = [x + half, y - graph.halfHeight, bandWidth(scale)];
  context.beginPath();
  const radius = near ? 10 : Math.min(band / 2, graph.halfHeight - 1);
  context.arc(near ? right - 4 : right - band / 2, near ? top + 4 : y, radius, 0, 2 * Math.PI);
  context.fillStyle = colours[change];
  context.fill();
  sign(context, near ? right - 4 : right - band / 2, near ? top + 4 : y, near ? 5.5 : radius * 0.55, change, colours.paper);
}

// How wide the disc of a change is from farther off: thirteen pixels of the screen.
function bandWidth(scale) {
  return 13 / scale;
}

// ≠, + or −, drawn: a font's own are hard to tell apart when small.
function sign(context, x, y, size, change, colour) {
  const line = (x1, y1, x2, y2) => {
    context.moveTo(x + x1 * size, y + y1 * size);
    context.lineTo(x + x2 * size, y + y2 * size);
  };
  context.beginPath();
  if (change === 'changed') {
    line(-1, -0.42, 1, -0.42);
    line(-1, 0.42, 1, 0.42);
    line(-0.5, 1, 0.5, -1);
  } else line(-1, 0, 1, 0);
  if (change === 'added') line(0, -1, 0, 1);
  context.strokeStyle = colour;
  context.lineWidth = size * 0.36;
  context.stroke();
}

function paintBadges(context, graph, card, [x, y], colours) {
  for (const side of ['upstream', 'downstream']) {
    const count = card[`hidden_${side}`];
    if (!count) continue;
    const middle = x + graph.badgeX(side);
    context.beginPath();
    context.roundRect(middle - 14, y - 9, 28, 18, 9);
    context.fillStyle = colours.paper;
    context.fill();
    context.strokeStyle = colours.focus;
    context.lineWidth = 1.2;
    context.stroke();
    context.fillStyle = colours.focus;
    context.font = `600 10.5px ${colours.font}`;
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    context.fillText(count > 999 ? `+${Math.floor(count / 1000)}k` : `+${count}`, middle, y + 0.5);
    context.textAlign = 'start';
  }
}

// What a badge promises.
export function badgeHint(card, side) {
  const hidden = card[`hidden_${side}`];
  return `Show ${hidden.toLocaleString('en')} of ${plural(card[side], 'neighbour')} ${side} of ${card.heading}`;
}
