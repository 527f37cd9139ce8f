// What a browser remembers of a chat. Where storage is forbidden, it lasts as long as the page.

class Shelf {
  constructor(storage, name) {
    this.name = name;
    this.memory = null;
    try {
      this.storage = window[storage];
    } catch {
      this.storage = null;
    }
  }

  read() {
    try {
      const text = this.storage.getItem(this.name);
      return text === null ? null : JSON.parse(text);
    } catch {
      return this.memory;
    }
  }

  write(value) {
    this.memory = value;
    try {
      if (value === null) this.storage.removeItem(this.name);
      else this.storage.setItem(this.name, JSON.stringify(value));
    } catch {
      // Full or forbidden: the page's own memory has it.
    }
  }
}

/** `session` is shared by all tabs; `outbox` and `open` belong to this one and survive a reload. */
export function shelves(base, shop) {
  const name = `nightdesk:${new URL(base).host}:${shop}`;
  return {
    name,
    session: new Shelf("localStorage", name),
    outbox: new Shelf("sessionStorage", `${name}:outbox`),
    open: new Shelf("sessionStorage", `${name}:open`),
  };
}

/** A fresh id for a message; sent again with the message, however often that is. */
export function freshId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
