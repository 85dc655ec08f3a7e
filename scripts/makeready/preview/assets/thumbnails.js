// The strip of thumbnails.

import { of } from "./server.js";
import { element } from "./settings.js";
import { unitsOf } from "./pages.js";

const WIDTH_PX = 160;

export class Thumbnails {
  constructor(room, onChoice) {
    this.room = room;
    this.onChoice = onChoice;
    this.key = "";
    this.watcher = new IntersectionObserver((entries) => this.seen(entries), {
      root: room,
      rootMargin: "60% 0px",
    });
  }

  /** Show the pages of a book, in pairs where they face each other. */
  show(book, facing, severityOf) {
    this.book = book;
    const key = `${book.edition} ${facing} ${book.pages.length}`;
    if (key !== this.key) this.build(facing);
    this.key = key;
    for (const face of this.room.querySelectorAll(".face[data-page]")) {
      const page = Number(face.dataset.page);
      const [label, digest] = book.pages[page];
      const severity = severityOf(page);
      face.classList.toggle("has-error", severity === "error");
      face.classList.toggle("has-warning", severity === "warning");
      if (face.dataset.digest !== digest) {
        face.dataset.digest = digest;
        if (face.dataset.near) this.draw(face);
      }
      const labels = face.closest(".thumbnail").querySelector(".labels");
      if (face.dataset.first) labels.textContent = face.dataset.alone ? label : "";
      if (!face.dataset.alone) labels.textContent += face.dataset.first ? `${label}–` : label;
    }
  }

  build(facing) {
    this.watcher.disconnect();
    const units = unitsOf(this.book.pages.length, facing, this.book.rightToLeft);
    const made = units.map((unit, number) => {
      const pages = unit.filter((page) => page !== null).sort((one, other) => one - other);
      const faces = unit.map((page) => {
        if (page === null) return element("span", { className: "face gap" });
        const face = element("span", { className: "face", "data-page": page });
        if (page === pages[0]) face.dataset.first = "yes";
        if (pages.length === 1) face.dataset.alone = "yes";
        this.watcher.observe(face);
        return face;
      });
      return element(
        "button",
        { type: "button", className: "thumbnail", onclick: () => this.onChoice(number) },
        element("span", { className: "faces" }, ...faces),
        element("span", { className: "labels" }),
      );
    });
    this.room.replaceChildren(...made);
  }

  seen(entries) {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) delete target.dataset.near;
      else {
        target.dataset.near = "yes";
        this.draw(target);
      }
    }
  }

  draw(face) {
    const { digest } = face.dataset;
    if (digest === "blank") {
      face.replaceChildren();
      return;
    }
    const source = of(this.book.edition, `images/${digest}/${WIDTH_PX}.webp`);
    const image = face.querySelector("img") ?? element("img", { alt: "" });
    if (image.getAttribute("src") !== source) image.src = source;
    if (!image.parentNode) face.append(image);
  }

  /** Mark the unit that is in view. */
  mark(number) {
    if (this.room.hidden) return;
    this.room.querySelector('[aria-current="true"]')?.removeAttribute("aria-current");
    const current = this.room.children[number];
    if (!current) return;
    current.setAttribute("aria-current", "true");
    const { top, bottom } = current.getBoundingClientRect();
    const room = this.room.getBoundingClientRect();
    if (top < room.top || bottom > room.bottom) {
      this.room.scrollTop += top - room.top - (room.height - (bottom - top)) / 2;
    }
  }
}
