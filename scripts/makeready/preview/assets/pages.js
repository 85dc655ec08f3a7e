// The pages of an edition: spreads as a reader holds them, or single pages, one below another.

import { addLines } from "./lines.js";
import { of } from "./server.js";
import { element } from "./settings.js";

const PX_PER_PT = 96 / 72;
const PADDING_PX = 48;
const WIDTH_STEP_PX = 32;
const LARGEST_PX = 4096;
const LARGEST_ZOOM = 4;
const SMALLEST_ZOOM = 0.1;
const LONGEST_MS = 1500;
const BLANK = "blank";

/** Return the units of a book of so many pages: pairs of facing pages, or single ones. */
export function unitsOf(count, facing, rightToLeft) {
  const units = [];
  if (!facing) {
    for (let page = 0; page < count; page += 1) units.push([page]);
    return units;
  }
  // The first page is alone: a recto, or in a book read from the right the page on the left.
  if (count) units.push(rightToLeft ? [0, null] : [null, 0]);
  for (let page = 1; page < count; page += 2) {
    const pair = [page, page + 1 < count ? page + 1 : null];
    units.push(rightToLeft ? pair.reverse() : pair);
  }
  return units;
}

/** Return the page of a book where a place is, which was taken in an earlier state of it. */
function pageOf(book, place) {
  let found = null;
  if (place.section !== undefined) {
    book.pages.forEach(([, , section, index], page) => {
      if (book.sections[section]?.[0] === place.section && index <= place.index) found = page;
    });
  }
  return found === null ? place.page : found - (place.known - place.page);
}

export class PageView {
  /** onMove is called when another unit is in view; findings gives those on a page. */
  constructor(room, { onMove, findingsOn, onMark }) {
    this.room = room;
    this.onMove = onMove;
    this.findingsOn = findingsOn;
    this.onMark = onMark;
    this.book = null;
    this.facing = true;
    this.zoom = "page";
    this.elements = [];
    this.units = [];
    this.current = 0;
    this.target = null;
    this.revealed = null;
    this.near = new Set();
    this.prepared = new Map();
    this.watcher = new IntersectionObserver((entries) => this.seen(entries), {
      root: room,
      rootMargin: "100% 0px",
    });
    room.addEventListener("scroll", () => this.moved(), { passive: true });
    new ResizeObserver(() => this.resized()).observe(room);
  }

  /** Show an edition's pages; the same place of the text stays where it is in the window. */
  async show(book) {
    const isOther = this.book?.edition !== book.edition;
    if (!isOther) await this.prepare(book);
    const place = isOther ? null : this.place();
    this.book = book;
    this.room.querySelector(".empty")?.remove();
    if (isOther) {
      this.room.replaceChildren();
      this.elements = [];
      this.target = null;
    }
    while (this.elements.length > book.pages.length) this.forget(this.elements.pop());
    book.pages.forEach((page, index) => this.update(page, index));
    this.arrange();
    if (isOther) this.goTo(0);
    else this.restore(place);
    this.drawInView();
    this.prepared.clear();
    this.moved();
  }

  /** Load what will be in view, so that it takes the place of what is there at once. */
  async prepare(book) {
    const place = this.place();
    if (!place) return;
    const shift = pageOf(book, place) - place.page;
    const loading = [...this.near].map((page) => {
      const index = Number(page.dataset.page);
      const digest = book.pages[index + shift]?.[1];
      const isShown = shift === 0 && page.dataset.digest === digest;
      if (!digest || digest === BLANK || isShown || !this.isInView(index)) return null;
      const image = this.image(book.edition, digest);
      const key = this.key(book.edition, digest);
      this.prepared.set(key, image);
      return image.decode().catch(() => this.prepared.delete(key));
    });
    const late = new Promise((resolve) => setTimeout(resolve, LONGEST_MS));
    await Promise.race([Promise.all(loading), late]);
  }

  /** The width that images of pages have now, in pixels of the screen. */
  imageWidth() {
    const pixels = this.pageWidth * window.devicePixelRatio;
    return Math.min(LARGEST_PX, Math.ceil(pixels / WIDTH_STEP_PX) * WIDTH_STEP_PX);
  }

  key(edition, digest) {
    return `${edition} ${digest} ${this.imageWidth()}`;
  }

  image(edition, digest) {
    const image = new Image();
    image.alt = "";
    image.draggable = false;
    image.src = of(edition, `images/${digest}/${this.imageWidth()}.webp`);
    return image;
  }

  update([label, digest], index) {
    let page = this.elements[index];
    if (!page) {
      page = element("article", { className: "page", "data-page": index });
      this.elements.push(page);
      this.watcher.observe(page);
    }
    page.setAttribute("aria-label", `Page ${label}`);
    if (page.dataset.digest !== digest) {
      page.dataset.digest = digest;
      if (this.near.has(page)) this.draw(page);
      else {
        page.replaceChildren();
        delete page.dataset.drawn;
      }
    } else if (page.dataset.lines && this.near.has(page)) this.draw(page);
  }

  forget(page) {
    this.watcher.unobserve(page);
    this.near.delete(page);
    page.remove();
  }

  /** Put the pages into their spreads; those that stay where they are are not touched. */
  arrange() {
    const { book } = this;
    this.units = unitsOf(book.pages.length, this.facing, book.rightToLeft);
    const spreads = [...this.room.querySelectorAll(":scope > .spread")];
    this.units.forEach((unit, number) => {
      const isFacing = unit.length === 2 && !unit.includes(null);
      const children = unit.map((page) => (page === null ? null : this.elements[page]));
      let spread = spreads[number];
      if (!spread) {
        spread = element("div", { role: "group" });
        this.room.append(spread);
      }
      spread.className = isFacing ? "spread facing" : "spread";
      spread.setAttribute("aria-label", this.labels(number));
      const there = [...spread.children];
      const isSame =
        there.length === children.length &&
        there.every((child, n) => child === children[n] || (!children[n] && child.className === "page-gap"));
      if (!isSame) {
        spread.replaceChildren(
          ...children.map((child) => child ?? element("div", { className: "page-gap" })),
        );
      }
    });
    spreads.slice(this.units.length).forEach((spread) => spread.remove());
    this.measure();
  }

  /** The labels of a unit in words. */
  labels(number) {
    const pages = (this.units[number] ?? []).filter((page) => page !== null);
    pages.sort((one, other) => one - other);
    const labels = pages.map((page) => this.book.pages[page][0]);
    return labels.length > 1 ? `Pages ${labels.join("–")}` : `Page ${labels[0] ?? ""}`;
  }

  unitOf(page) {
    return this.facing ? Math.ceil(page / 2) : page;
  }

  // How large pages are.

  measure() {
    if (!this.book) return;
    const { width, height } = this.book;
    const across = this.facing ? 2 : 1;
    const { paddingLeft, paddingRight } = getComputedStyle(this.room);
    const roomWidth = this.room.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight);
    const roomHeight = this.room.clientHeight - PADDING_PX;
    const fitWidth = roomWidth / (across * width * PX_PER_PT);
    const fitPage = Math.min(fitWidth, roomHeight / (height * PX_PER_PT));
    const wanted = { page: fitPage, width: fitWidth }[this.zoom] ?? this.zoom;
    this.scale = Math.min(LARGEST_ZOOM, Math.max(SMALLEST_ZOOM, wanted));
    this.pageWidth = Math.floor(width * PX_PER_PT * this.scale);
    this.pageHeight = Math.floor(height * PX_PER_PT * this.scale);
    const { style } = document.documentElement;
    style.setProperty("--page-width", `${this.pageWidth}px`);
    style.setProperty("--page-height", `${this.pageHeight}px`);
    style.setProperty("--page-ratio", `${width} / ${height}`);
  }

  setZoom(zoom) {
    const place = this.place();
    this.zoom = zoom;
    this.measure();
    this.restore(place);
    this.redraw();
  }

  zoomBy(factor) {
    const next = Math.min(LARGEST_ZOOM, Math.max(SMALLEST_ZOOM, this.scale * factor));
    this.setZoom(Math.round(next * 100) / 100);
  }

  setFacing(facing) {
    if (this.facing === facing) return;
    const place = this.place();
    this.facing = facing;
    if (!this.book) return;
    this.room.querySelectorAll(":scope > .spread").forEach((spread) => spread.remove());
    this.arrange();
    this.restore(place);
    this.redraw();
  }

  resized() {
    if (!this.book || !this.room.clientWidth) return;
    const place = this.lastPlace;
    this.measure();
    if (place) this.restore(place);
    this.redraw();
  }

  // Where the window is in the book: a page by its section, and the point of it in the middle.

  place() {
    if (!this.book || !this.units.length || !this.room.clientHeight) return this.lastPlace ?? null;
    const middle = this.room.scrollTop + this.room.clientHeight / 2;
    const spread = this.spreadAt(middle);
    const pages = this.units[spread].filter((page) => page !== null);
    const page = Math.min(...pages);
    const box = this.room.children[spread];
    const share = (middle - box.offsetTop) / box.offsetHeight;
    const left = this.room.scrollLeft / Math.max(1, this.room.scrollWidth);
    // A page that the text has begun to fill says more about the place than a blank one.
    const known = pages.find((one) => this.book.pages[one][2] >= 0) ?? page;
    const [, , section, index] = this.book.pages[known];
    return { page, section: this.book.sections[section]?.[0], index, known, share, left };
  }

  restore(place) {
    if (!place || !this.units.length) return;
    const page = Math.min(pageOf(this.book, place), this.book.pages.length - 1);
    const spread = this.unitOf(Math.max(0, page));
    const box = this.room.children[Math.min(spread, this.units.length - 1)];
    const middle = box.offsetTop + place.share * box.offsetHeight;
    this.room.scrollTop = Math.round(middle - this.room.clientHeight / 2);
    this.room.scrollLeft = place.left * this.room.scrollWidth;
  }

  /** The unit at a height; all are of one height but the first and the last. */
  spreadAt(top) {
    const { children } = this.room;
    let low = 0;
    let high = this.units.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (children[middle].offsetTop <= top) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  moved() {
    if (!this.book || !this.units.length || !this.room.clientHeight) return;
    this.lastPlace = this.place();
    const middle = this.room.scrollTop + this.room.clientHeight / 2;
    this.current = this.spreadAt(middle);
    this.onMove(this.current);
  }

  /** The pages of the unit in view. */
  currentPages() {
    return (this.units[this.current] ?? []).filter((page) => page !== null);
  }

  goTo(unit) {
    const number = Math.min(Math.max(0, unit), this.units.length - 1);
    const box = this.room.children[number];
    if (!box) return;
    const spare = this.room.clientHeight - box.offsetHeight;
    this.room.scrollTop = spare > 0 ? box.offsetTop - spare / 2 : box.offsetTop;
  }

  goToPage(page) {
    this.goTo(this.unitOf(page));
  }

  step(by) {
    this.goTo(this.current + by);
  }

  /** The page that a reader means: its printed label, or "#" and its place in the file. */
  pageNamed(text) {
    const name = text.trim().toLowerCase();
    if (!name || !this.book) return null;
    if (name.startsWith("#")) {
      const number = Number(name.slice(1));
      return Number.isInteger(number) && this.book.pages[number - 1] ? number - 1 : null;
    }
    const page = this.book.pages.findIndex(([label]) => label.toLowerCase() === name);
    return page < 0 ? null : page;
  }

  isInView(page) {
    const box = this.elements[page]?.getBoundingClientRect();
    const room = this.room.getBoundingClientRect();
    return Boolean(box) && box.bottom > room.top && box.top < room.bottom;
  }

  // Drawing the pages that are near.

  seen(entries) {
    for (const entry of entries) {
      const page = entry.target;
      if (entry.isIntersecting) {
        this.near.add(page);
        this.draw(page);
      } else {
        this.near.delete(page);
        page.replaceChildren();
        delete page.dataset.drawn;
        delete page.dataset.lines;
      }
    }
  }

  drawInView() {
    const { scrollTop, clientHeight } = this.room;
    const last = this.spreadAt(scrollTop + clientHeight);
    for (let unit = this.spreadAt(scrollTop); unit <= last; unit += 1) {
      for (const page of this.units[unit] ?? []) {
        if (page === null) continue;
        this.near.add(this.elements[page]);
        this.draw(this.elements[page]);
      }
    }
  }

  redraw() {
    for (const page of this.near) this.draw(page);
  }

  /** Draw a page if it is not; the image there is stays until the new one is ready. */
  async draw(page) {
    const { digest } = page.dataset;
    const { edition } = this.book;
    if (digest === BLANK) {
      page.replaceChildren();
      return;
    }
    const key = this.key(edition, digest);
    if (page.dataset.drawn !== key) {
      page.dataset.drawn = key;
      const prepared = this.prepared.get(key);
      const image = prepared ?? this.image(edition, digest);
      this.prepared.delete(key);
      if (!prepared?.complete) {
        try {
          await image.decode();
        } catch {
          // It is out of date already, or the server has gone: it is asked for again later.
          if (page.dataset.drawn === key) delete page.dataset.drawn;
          return;
        }
      }
      if (page.dataset.drawn !== key || !this.near.has(page)) return;
      page.querySelector("img")?.remove();
      page.prepend(image);
    }
    await this.drawLines(page);
  }

  async drawLines(page) {
    const index = Number(page.dataset.page);
    const key = `${this.book.edition} ${this.book.revision} ${page.dataset.digest}`;
    if (page.dataset.lines === key) return;
    page.dataset.lines = key;
    await addLines(page, this.book.edition, index, () => page.dataset.lines === key);
    this.mark(page);
  }

  /** Mark findings and the target of the last jump on a page whose lines are there. */
  mark(page) {
    const index = Number(page.dataset.page);
    const lines = page.querySelectorAll(".line");
    page.querySelectorAll(".mark").forEach((mark) => mark.remove());
    lines.forEach((line) => line.classList.remove("error", "warning", "note", "target"));
    const isVerso = this.facing && index % 2 === 1;
    const marked = new Set();
    // The worst comes last, over the others.
    for (const { finding, number } of this.findingsOn(index).reverse()) {
      const line = lines[number];
      if (!line) continue;
      line.classList.add(finding.severity);
      if (marked.has(finding)) continue;
      marked.add(finding);
      const sign = { error: "!", warning: "!", note: "i" }[finding.severity];
      const mark = element("button", {
        type: "button",
        className: `mark ${finding.severity} ${isVerso ? "verso" : "recto"}`,
        textContent: sign,
        title: finding.message,
        "aria-label": `${finding.severity} ${finding.id}: ${finding.message}`,
        onclick: () => this.onMark(finding),
      });
      mark.style.top = line.style.top;
      page.append(mark);
    }
    if (this.target?.edition === this.book.edition) {
      for (const [place, number] of this.target.places) {
        if (place === index) lines[number]?.classList.add("target");
      }
    }
    if (this.revealed?.page === index && lines.length) this.reveal(lines[this.revealed.number]);
  }

  markAll() {
    for (const page of this.near) this.mark(page);
  }

  /** Show lines, each a page and a number on it, and mark them. */
  point(places) {
    this.target = { edition: this.book.edition, places };
    const [page, number] = places[0];
    this.revealed = { page, number };
    if (!this.currentPages().includes(page)) this.goToPage(page);
    this.markAll();
  }

  /** Bring a line into view that is outside the window. */
  reveal(line) {
    this.revealed = null;
    if (!line) return;
    const box = line.getBoundingClientRect();
    const room = this.room.getBoundingClientRect();
    const isInside =
      box.top >= room.top && box.bottom <= room.bottom && box.left >= room.left && box.right <= room.right;
    if (!isInside) line.scrollIntoView({ block: "center", inline: "nearest" });
  }

  flash(pages) {
    for (const page of pages) {
      const shown = this.elements[page];
      if (!shown) continue;
      shown.classList.remove("changed");
      void shown.offsetWidth;
      shown.classList.add("changed");
      setTimeout(() => shown.classList.remove("changed"), 2600);
    }
  }
}
