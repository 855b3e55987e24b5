// Asks for pictures: the last one asked for counts. What is slow says so and can be called off; what failed can
// be tried again, and leaves the picture there was.
import { button, make } from './dom.js';

const VERSION = 3;
const SLOW = 1000; // ms

export class Loader {
  constructor(stage) {
    this.place = make('div', { className: 'notices', role: 'status' });
    stage.append(this.place);
  }

  // A picture; null where a later request took its place, it was called off, or it failed and this was said.
  async picture(address, { before, again, undo }) {
    this.asked?.abort();
    const asked = new AbortController();
    this.asked = asked;
    const slow = setTimeout(() => this.say('wait', before ? 'Loading … what is shown is the picture before.' : 'Loading the picture …', [
      button('Cancel', () => {
        asked.abort();
        this.say('wait', before ? '' : 'The picture was not loaded.', before ? [] : [button('Load it', again)]);
        undo?.();
      }),
    ]), before ? SLOW : SLOW / 4);
    try {
      const picture = await read(address, asked.signal);
      if (asked.signal.aborted) return null;
      this.say('wait', '');
      return picture;
    } catch (error) {
      if (asked.signal.aborted) return null;
      const what = before ? 'The picture could not be changed; this is the one before.' : 'The picture could not be loaded.';
      this.say('wait', `${what} ${error.message}`, [button('Try again', again)], 'trouble');
      return null;
    } finally {
      clearTimeout(slow);
    }
  }

  // Show a notice, one of each name at a time; without text it goes away.
  say(name, text, actions = [], look = '') {
    this.place.querySelector(`[data-name="${name}"]`)?.remove();
    if (!text) return;
    this.place.append(make('div', { className: `notice ${look}`, 'data-name': name }, make('span', {}, text), ...actions));
  }

  // Sentences one may put away.
  tell(name, sentences) {
    this.say(name, sentences.join(' '), [button('×', () => this.say(name, ''), { ariaLabel: 'Put this away' })]);
  }
}

async function read(address, signal) {
  let response;
  try {
    response = await fetch(address, { signal, headers: { accept: 'application/json' } });
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new Error('The server does not answer. Is it still running?');
  }
  const found = await response.json().catch(() => null);
  if (!response.ok) throw new Error(found?.detail ?? found?.title ?? `The server says ${response.status}.`);
  if (found?.version !== VERSION) throw new Error('The server and this page are of different versions: load the page again.');
  return found;
}
