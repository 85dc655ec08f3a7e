// The text on a page: it is read out, found and copied, and a click opens its source.

import { editorTitle, openInEditor } from "./editor.js";
import { data, of } from "./server.js";
import { element } from "./settings.js";

const TYPE_SHARE = 0.72;

const percent = (share) => `${(share * 100).toFixed(3)}%`;

/** Lay the lines of a page over its image, if it is still wanted when they have come. */
export async function addLines(page, edition, index, isWanted) {
  const lines = await data(of(edition, `lines/${index}.json`));
  if (!lines || !isWanted()) return;
  const layer = element("div", { className: "lines" });
  for (const line of lines) {
    const [left, top, width, height] = line.box;
    const text = element("div", { className: "line", textContent: line.text });
    if (line.path) {
      text.dataset.path = line.path;
      text.dataset.line = line.line;
      text.title = `${line.path}:${line.line}`;
    } else text.classList.add("unsourced");
    Object.assign(text.style, {
      left: percent(left),
      top: percent(top),
      width: percent(width),
      height: percent(height),
      fontSize: `${(height * TYPE_SHARE * 100).toFixed(3)}cqh`,
    });
    layer.append(text);
  }
  page.querySelector(".lines")?.remove();
  page.append(layer);
}

/** Have clicks on lines open their sources; tell is given what is to be said of it. */
export function openOnClick(room, tell) {
  room.addEventListener("click", async (event) => {
    const line = event.target.closest(".line[data-path]");
    // Text that was selected is to be copied.
    if (!line || String(window.getSelection())) return;
    const { path, line: number } = line.dataset;
    const opened = await openInEditor(path, Number(number));
    const place = `${path}:${number}`;
    tell(opened ? `Opened ${place} in ${editorTitle()}` : `${place} could not be opened`);
  });
}
