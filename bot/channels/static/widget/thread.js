// What was said: messages by sequence number, each once, and behind them what is still on its way.

export class Thread {
  constructor() {
    this.clear();
  }

  clear() {
    this.bySeq = new Map();
    this.last = 0;
    this.pending = [];
  }

  /** Take messages in; returns those that were new. */
  add(messages) {
    const fresh = messages.filter((one) => !this.bySeq.has(one.seq));
    for (const message of fresh) {
      this.bySeq.set(message.seq, message);
      this.last = Math.max(this.last, message.seq);
      if (message.client_id) this.pending = this.pending.filter((one) => one.id !== message.client_id);
    }
    return fresh;
  }

  /** All messages, in order. */
  get messages() {
    return [...this.bySeq.values()].sort((a, b) => a.seq - b.seq);
  }

  /** Whether the customer has said something after this message. */
  isPassed(seq) {
    if (this.pending.some((one) => one.status !== "failed")) return true;
    return [...this.bySeq.values()].some((one) => one.seq > seq && one.from === "customer");
  }

  /** Messages of others after a seq. */
  unread(seq) {
    return this.messages.filter((one) => one.seq > seq && one.from !== "customer" && one.kind !== "event");
  }
}
