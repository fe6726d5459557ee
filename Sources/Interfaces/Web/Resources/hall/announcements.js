// Which call the display shows large, and when: each for its own time, in the order in which they were made, none over
// another.

const queueLimit = 20;

export class Announcements {
  constructor() {
    this.seen = undefined;
    this.queue = [];
  }

  // Takes a state of the hall; its calls are newest first, and `announcement` has gone up by one a call or recall.
  // Returns the call to show at once when the display has just been switched on, which nobody needs to hear.
  take(display) {
    const first = this.seen === undefined;
    const fresh = first ? 0 : Math.max(display.announcement - this.seen, 0);
    this.seen = display.announcement;
    this.queue.push(...display.calls.slice(0, fresh).reverse());
    this.queue.splice(0, this.queue.length - queueLimit);
    return first ? display.calls[0] : undefined;
  }

  // The next call to announce.
  next() {
    return this.queue.shift();
  }

  // How long this one stays alone: shorter when others wait.
  get turnMs() {
    return this.queue.length > 2 ? 4000 : 7000;
  }
}
