// Draws the part of the picture that is to be seen: cards near by, boxes with a word farther off, dots from afar.

const CARDS = 0.5; // from this scale on, cards with all their text
const WORDS = 0.22; // from here on, boxes with their type
export const BADGES = 0.42; // from here on, what is hidden can be opened
const SPREAD = 22; // how far a word may reach into the gap between columns
const MARKS = {
  COMPLETE: 'good',
  FAILED: 'bad',
  CANCELED: 'bad',
  ABANDONED: 'bad',
  CACHED: 'cached',
  DELETED: 'cached',
  MARKED_FOR_DELETION: 'cached',
  RUNNING: 'busy',
  NEW: 'busy',
  PENDING: 'busy',
};

export function readColours(element) {
  const style = getComputedStyle(element);
  const names = ['paper', 'ink', 'soft', 'line', 'focus', 'artifact', 'artifact-edge', 'execution', 'execution-edge'];
  const colours = { font: style.fontFamily };
  for (const name of [...names, 'good', 'bad', 'cached', 'busy']) {
    colours[name] = style.getPropertyValue(`--${name}`).trim();
  }
  return colours;
}

export function paint(canvas, graph, camera, look) {
  const context = canvas.getContext('2d');
  const ratio = window.devicePixelRatio || 1;
  const [width, height] = [canvas.width / ratio, canvas.height / ratio];
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.fillStyle = look.colours.paper;
  context.fillRect(0, 0, width, height);
  context.setTransform(
    ratio * camera.scale, 0, 0, ratio * camera.scale,
    -camera.x * camera.scale * ratio, -camera.y * camera.scale * ratio,
  );
  const [left, top] = camera.toPicture(0, 0);
  const [right, bottom] = camera.toPicture(width, height);
  paintWires(context, graph, camera, look, [left, top, right, bottom]);
  const numbers = graph.within(left, top, right, bottom);
  for (const number of numbers) paintCard(context, graph, number, camera.scale, look);
}

function paintWires(context, graph, camera, look, [left, top, right, bottom]) {
  const layers = look.lit ? [false, true] : [null];
  for (const lit of layers) {
    context.beginPath();
    for (const wire of graph.wires) {
      const [x1, y1, x2, y2] = wire.box;
      if (x2 < left || x1 > right || y2 < top || y1 > bottom) continue;
      if (lit !== null && lit !== (look.lit.has(wire.source) && look.lit.has(wire.target))) continue;
      trace(context, wire.points, camera.scale < WORDS);
    }
    context.globalAlpha = lit === false ? 0.25 : 1;
    context.strokeStyle = lit ? look.colours.focus : look.colours.line;
    context.lineWidth = Math.max(lit ? 2.2 : 1.4, 0.7 / camera.scale);
    context.stroke();
  }
  context.globalAlpha = 1;
}

function trace(context, points, straight) {
  let [x, y] = points[0];
  context.moveTo(x, y);
  for (const [nextX, nextY] of points.slice(1)) {
    const middle = (x + nextX) / 2;
    if (straight) context.lineTo(nextX, nextY);
    else context.bezierCurveTo(middle, y, middle, nextY, nextX, nextY);
    [x, y] = [nextX, nextY];
  }
}

// Between cards and dots the words need the room between the columns.
function halfWidth(graph, scale) {
  return scale >= CARDS || scale < WORDS ? graph.halfWidth : graph.halfWidth + SPREAD;
}

function paintCard(context, graph, number, scale, look) {
  const card = graph.cards[number];
  const { colours } = look;
  context.globalAlpha = look.lit && !look.lit.has(number) ? 0.3 : 1;
  const half = halfWidth(graph, scale);
  const mark = MARKS[card.state];
  context.beginPath();
  context.roundRect(card.x - half, card.y - graph.halfHeight, half * 2, graph.halfHeight * 2, card.kind === 'artifact' ? 12 : 2);
  context.fillStyle = scale < WORDS && mark && mark !== 'good' ? colours[mark] : colours[card.kind];
  context.fill();
  const chosen = number === look.selected;
  context.strokeStyle = chosen ? colours.focus : colours[`${card.kind}-edge`];
  context.lineWidth = Math.max(chosen || card.start ? 3 : 1.2, (chosen ? 2 : 0.6) / scale);
  context.stroke();
  if (scale >= WORDS) paintWords(context, graph, card, scale, colours, mark);
  if (scale >= BADGES) paintBadges(context, graph, card, colours);
  context.globalAlpha = 1;
}

function paintWords(context, graph, card, scale, colours, mark) {
  const near = scale >= CARDS;
  const half = halfWidth(graph, scale);
  const [left, top] = [card.x - half, card.y - graph.halfHeight];
  let indent = near ? 12 : 8;
  if (mark) {
    context.beginPath();
    context.arc(left + 14, near ? top + 15 : card.y, near ? 5 : 9, 0, 2 * Math.PI);
    context.fillStyle = colours[mark];
    context.fill();
    indent = near ? 26 : 28;
  }
  const room = half * 2 - indent - (near ? 10 : 4);
  context.fillStyle = colours.ink;
  context.textBaseline = 'middle';
  context.font = `600 ${near ? 13 : Math.min(26, 9 / scale)}px ${colours.font}`;
  context.fillText(shortened(context, card.heading, room), left + indent, near ? top + 15 : card.y);
  if (!near) return;
  context.fillStyle = colours.soft;
  context.font = `11.5px ${colours.font}`;
  context.fillText(shortened(context, card.text, graph.halfWidth * 2 - 22), left + 12, top + 32);
}

function paintBadges(context, graph, card, colours) {
  for (const side of ['upstream', 'downstream']) {
    const count = card[`hidden_${side}`];
    if (!count) continue;
    const text = count > 99 ? '99+' : `+${count}`;
    const x = card.x + graph.badgeX(side);
    context.beginPath();
    context.roundRect(x - 13, card.y - 9, 26, 18, 9);
    context.fillStyle = colours.paper;
    context.fill();
    context.strokeStyle = colours.focus;
    context.lineWidth = 1.2;
    context.stroke();
    context.fillStyle = colours.focus;
    context.font = `600 10.5px ${colours.font}`;
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    context.fillText(text, x, card.y + 0.5);
    context.textAlign = 'start';
  }
}

function shortened(context, text, room) {
  if (context.measureText(text).width <= room) return text;
  let [low, high] = [0, text.length];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (context.measureText(`${text.slice(0, middle)}…`).width <= room) low = middle;
    else high = middle - 1;
  }
  return `${text.slice(0, low)}…`;
}
