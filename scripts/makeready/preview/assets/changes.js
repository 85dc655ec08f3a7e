// What has changed in the pages: each of those, old and new side by side, with what differs marked.

import { data, of } from "./server.js";
import { element, recalled, remember } from "./settings.js";

const START = ":start";
const OTHER = "";
const PX_PER_PT = 96 / 72;
const WIDTH_STEP_PX = 32;
const LARGEST_PX = 4096;
const NARROW_PX = 640;
const MOST_TEXTS = 6;
const LONGEST_TEXT = 120;
const SIDES = ["old", "new"];

const percent = (share) => `${(share * 100).toFixed(3)}%`;

export class ChangesView {
  /** onSince is called when another revision is chosen, onPage with a page to go to. */
  constructor(parts, { onSince, onPage }) {
    Object.assign(this, parts);
    this.select = parts.since;
    this.since = recalled("since", START);
    this.onSince = onSince;
    this.onPage = onPage;
    this.zoom = "page";
    this.current = 0;
    this.made = null;
    new ResizeObserver(() => this.measure()).observe(this.room);
    this.room.addEventListener("scroll", () => this.moved(), { passive: true });
  }

  /** Ask which revisions there are, and offer them. */
  async prepare() {
    const known = (await data("/revisions.json")) ?? { revisions: [], chosen: "" };
    const names = new Map([[START, "the preview was started"], ...known.revisions]);
    if (known.chosen) this.since = known.chosen;
    // What was chosen for another book may not be in this one.
    if (!known.revisions.length || (!known.chosen && !names.has(this.since))) this.since = START;
    if (!names.has(this.since)) names.set(this.since, this.since);
    const choices = [...names].map(([value, textContent]) => element("option", { value, textContent }));
    if (known.revisions.length) {
      choices.push(element("option", { value: OTHER, textContent: "another revision …" }));
    }
    this.select.replaceChildren(...choices);
    this.select.value = this.since;
    this.select.onchange = () => this.chosen(this.select.value);
    this.bar.onsubmit = (event) => {
      event.preventDefault();
      this.choose(this.ownName.value.trim());
    };
    return Boolean(known.chosen);
  }

  chosen(since) {
    this.own.hidden = since !== OTHER;
    if (since === OTHER) this.ownName.focus();
    else this.choose(since);
  }

  choose(since) {
    if (!since) return;
    this.since = since;
    remember("since", since);
    this.wait();
    this.onSince();
  }

  wait() {
    this.made = null;
    this.key = null;
    this.list.replaceChildren();
    this.summary.className = "";
    this.summary.textContent = "The pages are being compared …";
  }

  /** Show what has changed in an edition; `revision` says whether that is new. */
  async show(edition, revision, book) {
    if (!book) return;
    const key = `${edition} ${this.since} ${revision ?? 0}`;
    if (this.key === key) return;
    if (this.edition !== edition || !this.made) this.wait();
    this.edition = edition;
    this.size = { width: book.width, height: book.height };
    this.key = key;
    const made = revision ? await data(of(edition, "changes.json")) : null;
    // What was asked for before may come late.
    if (!made || this.key !== key || made.since !== this.since) return;
    const place = this.made && { pair: this.list.children[this.current], top: this.room.scrollTop };
    const name = place?.pair?.dataset.key;
    const offset = place?.pair ? place.top - place.pair.offsetTop : 0;
    this.made = made;
    this.list.replaceChildren(...made.pairs.map((pair) => this.pair(pair)));
    this.tell(made);
    this.measure();
    const same = name && [...this.list.children].find((pair) => pair.dataset.key === name);
    this.room.scrollTop = same ? same.offsetTop + offset : 0;
    this.moved();
  }

  tell(made) {
    this.summary.className = made.error ? "wrong" : "";
    if (made.error) this.summary.textContent = made.error;
    else {
      const none = made.pairs.length ? "" : "No page has changed. ";
      this.summary.textContent = `${none}Since ${made.sinceName}: ${made.summary}.`;
    }
  }

  pair({ words, old, new: now }) {
    const isAlone = !old || !now;
    const heading = element("h2", { textContent: words[0].toUpperCase() + words.slice(1) });
    const head = element("div", { className: "pair-head" }, heading);
    if (now) {
      head.append(
        element("button", {
          type: "button",
          className: "plain",
          textContent: `Show page ${now.label}`,
          onclick: () => this.onPage(now.page),
        }),
      );
    }
    const faces = element("div", { className: "pair-faces" });
    if (old) faces.append(this.face("old", old, isAlone));
    if (now) faces.append(this.face("new", now, isAlone));
    const item = element("li", { className: "pair", tabIndex: -1 }, head, faces);
    const texts = this.texts(old, now, isAlone);
    if (texts) item.append(texts);
    item.dataset.key = now ? `new ${now.label}` : `old ${old.label}`;
    return item;
  }

  face(side, part, isAlone) {
    const face = element("div", { className: `face-of ${side}${isAlone ? " alone" : ""}` });
    face.dataset.side = side;
    face.dataset.page = part.page;
    for (const [left, top, width, height] of part.boxes) {
      const mark = element("i", { className: "difference" });
      Object.assign(mark.style, {
        left: percent(left),
        top: percent(top),
        width: percent(width),
        height: percent(height),
      });
      face.append(mark);
    }
    const title = side === "old" ? "Before" : "Now";
    const caption = element("figcaption", { textContent: `${title}: page ${part.label}` });
    return element("figure", {}, caption, face);
  }

  /** The words that only one page has: they are read out, found and copied. */
  texts(old, now, isAlone) {
    if (isAlone) return null;
    const texts = element("dl", { className: "pair-texts" });
    for (const [name, kind, part] of [["Taken out", "del", old], ["Put in", "ins", now]]) {
      if (!part.texts.length) continue;
      const shown = part.texts.slice(0, MOST_TEXTS).flatMap((text) => {
        const clipped = text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)} …` : text;
        return [element(kind, { textContent: clipped }), " "];
      });
      const more = part.texts.length - MOST_TEXTS;
      if (more > 0) shown.push(`and ${more} more`);
      texts.append(element("dt", { textContent: name }), element("dd", {}, ...shown));
    }
    return texts.childNodes.length ? texts : null;
  }

  setZoom(zoom) {
    this.zoom = zoom;
    this.measure();
  }

  /** Fit the pages into the room, and draw them as sharp as the screen shows them. */
  measure() {
    const { room, list, size, made } = this;
    if (!made || !room.clientWidth) return;
    const across = room.clientWidth > NARROW_PX ? 2 : 1;
    room.classList.toggle("one-column", across === 1);
    const fitWidth = (room.clientWidth - 32 - 24 * (across - 1)) / across / (size.width * PX_PER_PT);
    const fitPage = Math.min(fitWidth, (room.clientHeight - 140) / (size.height * PX_PER_PT));
    const scale = Math.max(0.1, { page: fitPage, width: fitWidth }[this.zoom] ?? this.zoom);
    const width = Math.floor(size.width * PX_PER_PT * Math.max(scale, 200 / (size.width * PX_PER_PT)));
    room.style.setProperty("--face-width", `${width}px`);
    const pixels = Math.ceil((width * window.devicePixelRatio) / WIDTH_STEP_PX) * WIDTH_STEP_PX;
    for (const face of list.querySelectorAll(".face-of")) {
      const { side, page } = face.dataset;
      const step = Math.min(LARGEST_PX, pixels);
      const source = of(this.edition, `changes/${made.revision}/${side}/${page}/${step}.webp`);
      const image = face.querySelector("img");
      if (image?.getAttribute("src") === source) continue;
      const alt = face.parentElement.querySelector("figcaption").textContent;
      const drawn = element("img", { alt, loading: "lazy", draggable: false });
      drawn.src = source;
      if (image) image.replaceWith(drawn);
      else face.prepend(drawn);
    }
  }

  moved() {
    const middle = this.room.scrollTop + this.room.clientHeight / 3;
    const pairs = [...this.list.children];
    const after = pairs.findIndex((pair) => pair.offsetTop > middle);
    this.current = Math.max(0, (after < 0 ? pairs.length : after) - 1);
  }

  /** Go to a change by its number, and have it read out. */
  goTo(number) {
    const pairs = this.list.children;
    const pair = pairs[Math.min(Math.max(0, number), pairs.length - 1)];
    if (!pair) return;
    this.room.scrollTop = pair.offsetTop - 8;
    pair.focus({ preventScroll: true });
  }

  step(by) {
    this.moved();
    this.goTo(this.current + by);
  }
}
