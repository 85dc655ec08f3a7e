// What the page asks the server for, and what the server tells it.

/** Ask for data; null if there is none (any more). */
export async function data(path) {
  try {
    const answer = await fetch(path);
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

/** Send data; true if the server took it. */
export async function post(path, values) {
  try {
    const answer = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(values),
    });
    return answer.ok;
  } catch {
    return false;
  }
}

/** The path of something of an edition. */
export function of(edition, rest) {
  return `/editions/${encodeURIComponent(edition)}/${rest}`;
}

/** The events of the server, for one edition at a time; it is asked again until it answers. */
export class Events {
  constructor(onEvent, onLost) {
    this.onEvent = onEvent;
    this.onLost = onLost;
    this.source = null;
    this.edition = null;
    this.since = "";
  }

  /** Watch an edition, and what has changed in it since a revision, if one is given. */
  watch(edition, since) {
    if (this.source && this.edition === edition && this.since === since) return;
    this.edition = edition;
    this.since = since;
    this.open();
  }

  open() {
    this.source?.close();
    clearTimeout(this.timer);
    const query = new URLSearchParams({ edition: this.edition, since: this.since });
    const source = new EventSource(`/events?${query}`);
    this.source = source;
    source.onmessage = (event) => this.onEvent(JSON.parse(event.data));
    source.onerror = () => {
      this.onLost();
      // A refusal closes it for good; the server may be back all the same.
      if (source.readyState === EventSource.CLOSED && source === this.source) {
        this.timer = setTimeout(() => this.open(), 2000);
      }
    };
  }
}
