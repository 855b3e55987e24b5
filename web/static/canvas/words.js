// Words on a canvas: shortened to the room there is, and never able to turn the words beside them round.

const KEPT = 20000;
const cut = new Map();

// A text as it is drawn: without control characters, in a direction of its own.
export function calm(text) {
  return `\u2066${text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ').replace(/[\u202a-\u202e\u2066-\u2069]/g, '')}\u2069`;
}

// A text that is no wider than a room, in the font the context has.
export function shortened(context, text, room) {
  const key = `${context.font} ${Math.round(room)} ${text}`;
  let found = cut.get(key);
  if (found === undefined) {
    if (cut.size > KEPT) cut.clear();
    found = calm(shorten(context, text, room));
    cut.set(key, found);
  }
  return found;
}

function shorten(context, text, room) {
  if (text.length < 400 && context.measureText(text).width <= room) return text;
  const letters = Array.from(text.slice(0, 400));
  let [low, high] = [0, letters.length];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (context.measureText(`${letters.slice(0, middle).join('')}…`).width <= room) low = middle;
    else high = middle - 1;
  }
  return `${letters.slice(0, low).join('')}…`;
}

export function plural(count, one, many = `${one}s`) {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}

// A moment as people read it, in UTC.
export function moment(milliseconds) {
  return `${new Date(milliseconds).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
