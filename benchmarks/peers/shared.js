// What the pages of both libraries share: the picture's nodes and edges, and when it was drawn.
export async function picture() {
  if (location.search !== '?draw') return null;
  const { cards, wires, card_width: width, card_height: height } = await (await fetch('picture.json')).json();
  return {
    width,
    height,
    nodes: cards.key.map((id, at) => ({ id, label: cards.heading.values[cards.heading.at[at]], x: cards.x[at] - width / 2, y: cards.y[at] - height / 2 })),
    edges: wires.source.map((source, at) => ({ id: `e${at}`, source: cards.key[source], target: cards.key[wires.target[at]] })),
  };
}

// Two frames after it is ready, a picture is on the screen.
export function drawn() {
  requestAnimationFrame(() => requestAnimationFrame(() => { window.drawn = performance.timeOrigin + performance.now(); }));
}
