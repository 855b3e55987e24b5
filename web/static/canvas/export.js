// The whole picture as a PNG, drawn from the model: never cropped, at the size it has if that can be.
import { painting } from './paint.js';

const SIDE = 8192; // pixels; a canvas may not be longer in every browser
const AREA = 32e6; // pixels; 128 MB while it is drawn
const MARGIN = 24;
const SHARP = 2; // pixels of the file for one of the picture, where there is room

export async function savePicture(view) {
  const { graph } = view;
  const [wide, high] = [graph.width + 2 * MARGIN, graph.height + 2 * MARGIN];
  const scale = Math.min(SHARP, SIDE / wide, SIDE / high, Math.sqrt(AREA / (wide * high)));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.floor(wide * scale));
  canvas.height = Math.max(1, Math.floor(high * scale));
  const context = canvas.getContext('2d', { alpha: false });
  context.fillStyle = view.look.colours.paper;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.setTransform(scale, 0, 0, scale, MARGIN * scale, MARGIN * scale);
  const look = { ...view.look, lit: null, shift: null };
  for (const _ of painting(context, graph, scale, [-MARGIN, -MARGIN, wide, high], look));
  const blob = await new Promise((resolve) => { canvas.toBlob(resolve, 'image/png'); });
  if (!blob) throw new Error('The browser cannot make a picture of this size.');
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = `${view.name}.png`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  return { width: canvas.width, height: canvas.height, scale };
}
