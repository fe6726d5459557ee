// What the page knows of the daemon: the screen of now, and the way to act on it.
//
// Actions go one after another, so that each names the revision that the one before led to. While an action that a
// person sees is under way, further taps count for nothing: they were meant for the screen that is just going. It is
// under way until it is answered or the screen has changed, whichever comes first.

import { live } from "../lib/live.js";
import { post } from "../lib/post.js";

const activityEveryMs = 10000;

export class Connection {
  // show(screen), busy(is): an action is under way, sending(is): anything is, lost(), found()
  constructor({ show, busy, sending, lost, found }) {
    this.show = show;
    this.busy = busy;
    this.sending = sending;
    this.pending = 0;
    this.lost = lost;
    this.revision = -1;
    this.acting = undefined;
    this.queue = Promise.resolve();
    live("/api/kiosk/events", "screen", {
      state: (screen) => this.#take(screen),
      // A daemon that was started again counts from the beginning.
      opened: () => (this.revision = -1),
      lost,
      found,
    });
  }

  act(action, { value, values } = {}) {
    if (this.acting) return;
    const mine = (this.acting = {});
    this.busy(true);
    this.#send({ action, value, values }).finally(() => this.acting === mine && this.#settle());
  }

  // Answers so far, for questions that depend on them; the person goes on meanwhile.
  answer(values) {
    this.#send({ action: "answer", values });
  }

  // Somebody is there: puts off the end of the visit, and what was typed is safe.
  active(values) {
    const now = Date.now();
    if (this.acting || now - (this.lastActive ?? 0) < activityEveryMs) return;
    this.lastActive = now;
    this.answer(values);
  }

  #settle() {
    if (!this.acting) return;
    this.acting = undefined;
    this.busy(false);
  }

  #send(action) {
    this.sending((this.pending += 1) > 0);
    this.queue = this.queue.then(async () => {
      try {
        this.#take(await post("/api/kiosk/action", { revision: this.revision, ...action }));
      } catch (fault) {
        if (fault.code === "unreachable") this.lost();
        else console.error(`${action.action}: ${fault.code ?? fault}`);
      }
      this.sending((this.pending -= 1) > 0);
    });
    return this.queue;
  }

  #take(screen) {
    // The answer to an action and the event that it caused come by two ways, in any order.
    if (screen.revision < this.revision) return;
    const isNew = screen.revision > this.revision;
    this.revision = screen.revision;
    this.show(screen);
    if (isNew) this.#settle();
  }
}
