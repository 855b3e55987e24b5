// The lineage as it was: a slider over every moment at which something changed.
import { button, make, still } from './dom.js';
import { moment } from './format.js';

const PLAY = 9000; // ms from the first moment to the last
const STEP = 700; // ms a moment stays where motion is not wanted

export class Time {
  constructor(view) {
    this.view = view;
    this.slider = make('input', { type: 'range', min: 0, step: 1, ariaLabel: 'The lineage as it was', oninput: () => this.go(Number(this.slider.value)) });
    this.play = button('▶', () => (this.timer ? this.pause() : this.run()), { ariaLabel: 'Play', title: 'Play' });
    this.now = button('Now', () => this.show(null), { title: 'Back to the lineage as it is' });
    this.date = make('output', {});
    this.element = make('div', { className: 'time', hidden: true }, this.play, this.slider, this.date, this.now);
    view.stage.after(this.element);
  }

  // A new picture: its moments are the slider's.
  load() {
    const { times } = this.view.graph;
    this.element.hidden = times.length < 2;
    this.slider.max = times.length;
    this.show(this.at, false);
  }

  // A moment the address names, in ISO 8601; in UTC where it does not say.
  read(text) {
    const zoned = /T.*(Z|[+-]\d\d:?\d\d)$|^[^T]*$/.test(text ?? '') ? text : `${text}Z`;
    const found = Date.parse(zoned ?? '');
    this.at = Number.isFinite(found) ? found : null;
  }

  go(position) {
    this.pause();
    this.show(this.view.graph.times[position] ?? null);
  }

  show(at, noted = true) {
    const { view, slider } = this;
    const { times, cards } = view.graph;
    this.at = at;
    slider.value = at === null ? times.length : Math.max(0, times.findIndex((time) => time > at) - 1);
    if (at !== null && at >= times.at(-1)) slider.value = times.length - 1;
    view.asOf = at === null ? null : view.graph.asOf(at);
    const there = at === null ? cards.length : cards.length - view.asOf.later.reduce((sum, later) => sum + later, 0);
    this.date.textContent = at === null ? 'as it is' : `${moment(at)} · ${there.toLocaleString('en')} of ${cards.length.toLocaleString('en')} were there`;
    slider.setAttribute('aria-valuetext', this.date.textContent);
    this.now.hidden = at === null;
    if (noted) view.address.note({ at: at === null ? null : new Date(at).toISOString().replace('.000Z', 'Z') });
    view.relook();
  }

  run() {
    const { times } = this.view.graph;
    const from = this.at === null || this.at >= times.at(-1) ? 0 : Number(this.slider.value);
    const began = performance.now();
    const each = still() ? STEP : Math.max(16, PLAY / times.length);
    this.face('❚❚', 'Pause');
    this.timer = setInterval(() => {
      const position = from + Math.floor((performance.now() - began) / each);
      if (position < times.length) this.show(times[position]);
      else {
        this.show(null);
        this.pause();
      }
    }, Math.max(each, 33));
    this.show(times[from]);
  }

  pause() {
    clearInterval(this.timer);
    this.timer = null;
    this.face('▶', 'Play');
  }

  face(text, label) {
    this.play.textContent = text;
    this.play.ariaLabel = this.play.title = label;
  }
}
