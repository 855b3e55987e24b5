// Text on a canvas: cut to the room there is, and isolated from the direction of other text.

const KEPT = 20000;
const cut = new Map();

// A text as it is drawn: without control characters, in a direction of its own.
export function isolated(text) {
  return `\u2066${text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ').replace(/[\u202a-\u202e\u2066-\u2069]/g, '')}\u2069`;
}

// A text that is no wider than a room, in the font the context has; of names the end tells them apart.
export function shortened(context, text, room, byEnd = false) {
  const key = `${context.font} ${Math.round(room)} ${byEnd} ${text}`;
  let found = cut.get(key);
  if (found === undefined) {
    if (cut.size > KEPT) cut.clear();
    found = isolated(shorten(context, text, room, byEnd));
    cut.set(key, found);
  }
  return found;
}

function shorten(context, text, room, byEnd) {
  if (text.length < 400 && context.measureText(text).width <= room) return text;
  const letters = Array.from(byEnd ? text.slice(-400) : text.slice(0, 400));
  const part = (count) => (byEnd ? `…${letters.slice(letters.length - count).join('')}` : `${letters.slice(0, count).join('')}…`);
  let [low, high] = [0, letters.length];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (context.measureText(part(middle)).width <= room) low = middle;
    else high = middle - 1;
  }
  return part(low);
}
