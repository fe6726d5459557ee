// Which call the display shows large, and when: each for its own time, in the order in which they were made, none over
// another.

const queueLimit = 20;

export class Announcements {
  constructor() {
    this.seen = undefined;
    this.queue = [];
  }

  // Takes a state of the hall. Each call or recall has the next number of all as its `sequence`; those above the last one
  // taken are new. Returns the call to show at once when the display has just been switched on: nobody needs to hear it.
  take(display) {
    const first = this.seen === undefined;
    // A daemon that counts anew has announced nothing yet that it did not announce before.
    const fresh = first || display.announcement < this.seen ? [] : display.calls.filter((call) => call.sequence > this.seen);
    this.seen = display.announcement;
    this.queue.push(...fresh.sort((one, other) => one.sequence - other.sequence));
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
