// The printed cover on its sheet, with guides over it.

import { data, of } from "./server.js";
import { element, recalled, remember } from "./settings.js";

const PX_PER_MM = 96 / 25.4;
const WIDTH_STEP_PX = 64;
const LARGEST_PX = 4096;

export class CoverView {
  constructor(room) {
    this.room = room;
    this.off = new Set(recalled("guides-off", []));
    new ResizeObserver(() => this.measure()).observe(room);
  }

  async show(edition, digest) {
    this.edition = edition;
    const cover = digest ? await data(of(edition, "cover.json")) : null;
    this.cover = cover;
    if (!cover) {
      this.sheet = null;
      this.room.replaceChildren(
        element("p", {
          className: "nothing",
          textContent: "This edition has no printed cover: its printer publishes no measures for one, or it is not printed.",
        }),
      );
      return;
    }
    const kinds = [...new Set(cover.guides.map(([kind]) => kind))];
    const bar = element("div", { className: "cover-bar", role: "group", "aria-label": "Guides" });
    for (const kind of kinds) bar.append(this.choice(kind));
    const sheet = element("div", { className: "sheet" });
    for (const [kind, left, top, width, height] of cover.guides) {
      const guide = element("div", { className: `guide ${classOf(kind)}` });
      Object.assign(guide.style, {
        left: `${(left / cover.width) * 100}%`,
        top: `${(top / cover.height) * 100}%`,
        width: `${(width / cover.width) * 100}%`,
        height: `${(height / cover.height) * 100}%`,
      });
      guide.hidden = this.off.has(kind);
      guide.dataset.kind = kind;
      sheet.append(guide);
    }
    const spine = cover.guides.find(([kind]) => kind === "spine");
    const size = `${cover.width.toFixed(1)} × ${cover.height.toFixed(1)} mm`;
    const thick = spine ? `, spine ${spine[3].toFixed(2)} mm` : "";
    const note = `Sheet ${size}${thick}. Inks look different on a screen.`;
    this.room.replaceChildren(bar, sheet, element("p", { className: "cover-note", textContent: note }));
    this.sheet = sheet;
    this.measure();
  }

  choice(kind) {
    const box = element("input", { type: "checkbox", checked: !this.off.has(kind) });
    box.onchange = () => {
      if (box.checked) this.off.delete(kind);
      else this.off.add(kind);
      remember("guides-off", [...this.off]);
      for (const guide of this.sheet.querySelectorAll(".guide")) {
        if (guide.dataset.kind === kind) guide.hidden = !box.checked;
      }
    };
    const line = element("i", { className: classOf(kind) });
    return element("label", { className: "check" }, box, line, kind);
  }

  /** Fit the sheet into the room, and draw it as sharp as the screen shows it. */
  measure() {
    const { room, cover, sheet } = this;
    if (!cover || !sheet || !room.clientWidth) return;
    const most = Math.min(room.clientWidth - 32, ((room.clientHeight - 130) * cover.width) / cover.height);
    const width = Math.max(280, Math.min(most, cover.width * PX_PER_MM * 2));
    sheet.style.width = `${width}px`;
    sheet.style.height = `${(width * cover.height) / cover.width}px`;
    const pixels = width * window.devicePixelRatio;
    const step = Math.min(LARGEST_PX, Math.ceil(pixels / WIDTH_STEP_PX) * WIDTH_STEP_PX);
    const source = of(this.edition, `cover/${cover.digest}/${step}.webp`);
    const image = sheet.querySelector("img");
    if (image?.getAttribute("src") === source) return;
    const made = element("img", { alt: "The printed cover: back, spine and front", src: source });
    if (image) image.replaceWith(made);
    else sheet.prepend(made);
  }
}

const classOf = (kind) => kind.replace(" ", "-");
