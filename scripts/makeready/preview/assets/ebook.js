// The e-book in the browser's own engine, as reading systems use it: its documents and stylesheets
// out of the finished file, set in columns as wide as the screen of a device.

import { data, of } from "./server.js";
import { element } from "./settings.js";

/** The screen of each device in CSS pixels, and its margins. */
const DEVICES = {
  phone: { width: 390, height: 780, margin: 24, type: 17 },
  reader: { width: 536, height: 724, margin: 32, type: 17 },
  tablet: { width: 820, height: 1100, margin: 64, type: 18 },
};

export class EbookView {
  constructor({ room, frame, contents, place }, onMove) {
    this.room = room;
    this.frame = frame;
    this.contents = contents;
    this.placeText = place;
    this.onMove = onMove;
    this.device = "phone";
    this.dark = false;
    this.book = null;
    this.number = 0;
    // While a document is loaded: where it is to be shown, and how many screens to turn then.
    this.at = null;
    this.turns = 0;
    new ResizeObserver(() => this.fit()).observe(room);
    contents.onchange = () => this.goToAddress(contents.value);
  }

  /** Show an edition; of one that is shown already its new file, at the same place. */
  async show(edition, digest) {
    if (this.book?.digest === digest && this.edition === edition) return;
    const book = await data(of(edition, "epub.json"));
    if (!book) {
      this.frame.replaceChildren();
      this.placeText.textContent = "";
      return;
    }
    const isOther = this.edition !== edition;
    const at = isOther ? {} : this.position();
    const name = isOther ? "" : this.book?.spine[this.number];
    this.edition = edition;
    this.book = book;
    const options = book.contents.map(([depth, title, address]) =>
      element("option", { value: address, textContent: "\u2003".repeat(depth - 1) + title }),
    );
    this.contents.replaceChildren(...options);
    this.open(Math.max(0, book.spine.indexOf(name)), at);
  }

  setDevice(device) {
    const at = this.position();
    this.device = device;
    if (this.book) this.open(this.number, at);
  }

  setDark(dark) {
    this.dark = dark;
    if (this.book) this.open(this.number, this.position());
  }

  address(path) {
    const name = path.split("/").map(encodeURIComponent).join("/");
    return `/epub/${encodeURIComponent(this.edition)}/${this.book.digest}/${name}`;
  }

  /** Open a document of the spine: at a share of it, at an anchor, or on its last screen. */
  open(number, at = {}) {
    this.number = number;
    this.at = at;
    const { width, height } = DEVICES[this.device];
    const iframe = element("iframe", { title: "E-book" });
    // Without allow-scripts nothing in the book runs; this page may still measure it.
    iframe.setAttribute("sandbox", "allow-same-origin");
    iframe.width = width;
    iframe.height = height;
    iframe.style.colorScheme = this.dark ? "dark" : "light";
    iframe.addEventListener("load", () => this.loaded(iframe, at));
    iframe.src = this.address(this.book.spine[number]) + (at.anchor ? `#${at.anchor}` : "");
    const before = this.frame.querySelector("iframe");
    if (before && before.width === iframe.width && before.height === iframe.height) {
      // The screen that is shown stays until the new one is set.
      iframe.style.position = "absolute";
      iframe.style.visibility = "hidden";
      this.frame.append(iframe);
    } else this.frame.replaceChildren(iframe);
    this.iframe = iframe;
    this.frame.className = this.device;
    this.fit();
  }

  loaded(iframe, at) {
    const inside = iframe.contentDocument;
    if (iframe !== this.iframe || !inside?.documentElement) return;
    this.setColumns(inside);
    inside.addEventListener("click", (event) => this.clicked(event));
    inside.addEventListener("keydown", (event) => this.pressed(event));
    if (at.anchor) this.turnToAnchor(at.anchor);
    else if (at.isLast) this.turnTo(this.screens() - 1);
    else this.turnTo(Math.round((at.share ?? 0) * this.screens()));
    this.frame.querySelectorAll("iframe").forEach((one) => one !== iframe && one.remove());
    iframe.style.position = "";
    iframe.style.visibility = "";
    const { turns } = this;
    this.at = null;
    this.turns = 0;
    if (turns) this.step(turns);
  }

  setColumns(inside) {
    const { width, height, margin, type } = DEVICES[this.device];
    const rules = `
      html {
        box-sizing: border-box !important; width: ${width}px !important;
        height: ${height}px !important; margin: 0 !important; padding: ${margin}px !important;
        column-width: ${width - 2 * margin}px !important; column-gap: ${2 * margin}px !important;
        column-fill: auto !important; overflow: hidden !important; font-size: ${type}px;
        ${this.dark ? "color-scheme: dark; background: #121212 !important; color: #d8d4cc !important;" : "background: #fff;"}
      }
      body { margin: 0 !important; padding: 0 !important; max-width: none !important;
        ${this.dark ? "background: none !important; color: inherit !important;" : ""} }
      ${this.dark ? "a:any-link { color: #8cc4f0 !important; }" : ""}
      img, svg { max-width: 100%; max-height: ${height - 2 * margin}px; break-inside: avoid;
        object-fit: contain; }
    `;
    const style = inside.createElementNS("http://www.w3.org/1999/xhtml", "style");
    style.textContent = rules;
    (inside.querySelector("head") ?? inside.documentElement).append(style);
    this.end = inside.createElementNS("http://www.w3.org/1999/xhtml", "div");
    (inside.body ?? inside.documentElement).append(this.end);
  }

  scroller() {
    return this.iframe?.contentDocument?.scrollingElement ?? null;
  }

  /** Count the screens; the last one gets its outer margin, which the browser leaves out. */
  screens() {
    const scroller = this.scroller();
    if (!scroller || !this.end) return 1;
    const { scrollLeft } = scroller;
    const { width } = DEVICES[this.device];
    this.end.style.cssText = "display: none";
    const screens = Math.max(1, Math.round(scroller.scrollWidth / width));
    const side = this.isRightToLeft(scroller) ? "right" : "left";
    const outer = screens * width - 1;
    this.end.style.cssText = `position: absolute; top: 0; ${side}: ${outer}px; width: 1px; height: 1px`;
    scroller.scrollLeft = scrollLeft;
    return screens;
  }

  isRightToLeft(scroller) {
    return getComputedStyle(scroller).direction === "rtl";
  }

  screen() {
    const scroller = this.scroller();
    return scroller ? Math.round(Math.abs(scroller.scrollLeft) / DEVICES[this.device].width) : 0;
  }

  /** The place that is shown, or that will be. */
  position() {
    return this.at ?? { share: this.screen() / this.screens() };
  }

  turnTo(screen) {
    const scroller = this.scroller();
    if (!scroller) return;
    const last = this.screens() - 1;
    const number = Math.min(last, Math.max(0, screen));
    const sign = this.isRightToLeft(scroller) ? -1 : 1;
    scroller.scrollLeft = sign * number * DEVICES[this.device].width;
    this.placeText.textContent = `${number + 1} of ${last + 1}`;
    const path = this.book.spine[this.number];
    const entry = this.book.contents.findLast(([, , address]) => address.split("#")[0] === path);
    const first = this.book.contents.find(([, , address]) => address.split("#")[0] === path);
    if (entry) this.contents.value = first[2];
    else this.contents.selectedIndex = -1;
    this.onMove(path);
  }

  turnToAnchor(anchor) {
    const inside = this.iframe.contentDocument;
    const found = inside.getElementById(decodeURIComponent(anchor));
    const scroller = this.scroller();
    if (!found || !scroller) {
      this.turnTo(0);
      return;
    }
    const { left } = found.getBoundingClientRect();
    const { width } = DEVICES[this.device];
    this.turnTo(Math.floor(Math.abs(scroller.scrollLeft + left) / width));
  }

  step(by) {
    if (!this.book) return;
    if (this.at) {
      this.turns += by;
      return;
    }
    const screen = this.screen() + by;
    if (screen >= 0 && screen < this.screens()) this.turnTo(screen);
    else if (by > 0 && this.number + 1 < this.book.spine.length) this.open(this.number + 1);
    else if (by < 0 && this.number > 0) this.open(this.number - 1, { isLast: true });
  }

  /** Open the document of a section, unless it is open. */
  follow(section) {
    const wanted = `/${section}.xhtml`;
    const number = this.book?.spine.findIndex((path) => `/${path}`.endsWith(wanted)) ?? -1;
    if (number >= 0 && number !== this.number) this.open(number);
  }

  goToAddress(address) {
    const [path, anchor] = address.split("#");
    const number = this.book.spine.indexOf(path);
    if (number === this.number && anchor) this.turnToAnchor(anchor);
    else if (number >= 0) this.open(number, { anchor });
  }

  /** Follow a link within the book; one that leads out of it opens by itself. */
  clicked(event) {
    const link = event.target.closest?.("a[href]");
    if (!link) return;
    event.preventDefault();
    const address = new URL(link.getAttribute("href"), this.iframe.contentDocument.baseURI);
    const start = new URL(this.address(""), window.location.href).href;
    if (address.href.startsWith(start)) {
      this.goToAddress(decodeURIComponent(address.href.slice(start.length)));
    } else if (/^https?:$/.test(address.protocol)) window.open(address, "_blank", "noopener");
  }

  pressed(event) {
    const step = { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    this.step(step);
  }

  /** Make the device as large as the room allows, and not larger than it is. */
  fit() {
    if (!this.room.clientWidth) return;
    const { frame, room } = this;
    frame.style.transform = "none";
    const scale = Math.min(1, (room.clientWidth - 24) / frame.offsetWidth, (room.clientHeight - 24) / frame.offsetHeight);
    frame.style.transform = `scale(${scale})`;
    frame.style.left = `${(room.clientWidth - frame.offsetWidth * scale) / 2}px`;
    frame.style.top = `${(room.clientHeight - frame.offsetHeight * scale) / 2}px`;
  }
}
