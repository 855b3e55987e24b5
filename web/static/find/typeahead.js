// Asks the server while somebody types: a moment after the last key, and one request at a time.

const WAIT = 120;

export class Typeahead {
  constructor(address, done, failed = () => {}) {
    Object.assign(this, { address, done, failed, busy: false, again: false, timer: 0 });
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.now(), WAIT);
  }

  async now() {
    clearTimeout(this.timer);
    if (this.busy) {
      this.again = true;
      return;
    }
    const address = this.address();
    if (!address) return;
    this.busy = true;
    try {
      const response = await fetch(address, { headers: { accept: 'application/json' } });
      const data = await response.json();
      if (!this.again) this.done(data, response.ok);
    } catch {
      this.failed();
    } finally {
      this.busy = false;
      if (this.again) {
        this.again = false;
        this.now();
      }
    }
  }
}
