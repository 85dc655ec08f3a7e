"""The pages, images and data that the server of the preview answers with."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from makeready.findings import Finding, SourceLocation
from makeready.preview.access import BOOK_POLICY
from makeready.preview.editors import COMMAND, Editor, address_patterns, run_command
from makeready.preview.known_revisions import known_revisions
from makeready.preview.made import PagePart, Wanted
from makeready.preview.page_images import LARGEST_WIDTH_PX, LEAST_WIDTH_PX
from makeready.preview.source_positions import box_of
from makeready.preview.state import EditionState, State, places_of

_MEDIA_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_FOR_EVER = {"Cache-Control": "private, max-age=31536000, immutable"}
"""What an address with a digest stands for never changes."""

_QUIET_SECONDS = 15.0
"""How long nothing is sent, after which a comment shows that the server is still there."""


@dataclass
class PreviewApplication:
    """The application; ``want`` is called with what browsers show when that changes."""

    state: State
    editor: Editor
    want: Callable[[Wanted], None]
    since: str = ""
    _browsers: dict[asyncio.Queue[dict[str, Any]], tuple[str, str]] = field(default_factory=dict)
    """What each browser shows: the edition, and what its changes are compared with, if anything."""

    @cached_property
    def starlette(self) -> Starlette:
        """The routes."""
        return Starlette(
            routes=[
                Route("/", self._index),
                Route("/assets/{name}", self._asset),
                Route("/events", self._events),
                Route("/editors.json", self._editors),
                Route("/editions/{edition}/pages.json", self._pages),
                Route("/editions/{edition}/findings.json", self._findings),
                Route("/editions/{edition}/place.json", self._place),
                Route("/editions/{edition}/lines/{page:int}.json", self._lines),
                Route("/editions/{edition}/images/{digest}/{width:int}.webp", self._image),
                Route("/editions/{edition}/cover.json", self._cover),
                Route("/editions/{edition}/cover/{digest}/{width:int}.webp", self._cover_image),
                Route("/editions/{edition}/changes.json", self._changes),
                Route(
                    "/editions/{edition}/changes/{revision:int}/{side}/{page:int}/{width:int}.webp",
                    self._changed_image,
                ),
                Route("/revisions.json", self._revisions),
                Route("/editions/{edition}/epub.json", self._epub),
                Route("/epub/{edition}/{digest}/{path:path}", self._epub_file),
                Route("/open", self._open, methods=["POST"]),
                Route("/goto", self._goto, methods=["GET", "POST"]),
            ]
        )

    def take(self, message: object) -> None:
        """Take what was made into account, and tell browsers."""
        self.state.take(message)
        self._send({"kind": "state", **self.state.summary()})

    def _send(self, event: dict[str, Any]) -> None:
        for browser in self._browsers:
            browser.put_nowait(event)

    async def _index(self, _: Request) -> Response:
        return _asset("index.html")

    async def _asset(self, request: Request) -> Response:
        return _asset(request.path_params["name"])

    async def _events(self, request: Request) -> Response:
        edition = request.query_params.get("edition", "")
        since = request.query_params.get("since", "")
        stream = self._event_stream(edition, since)
        return StreamingResponse(stream, media_type="text/event-stream")

    async def _event_stream(self, edition: str, since: str) -> AsyncIterator[str]:
        queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._browsers[queue] = edition, since
        self._tell_wanted()
        event: dict[str, Any] = {"kind": "state", **self.state.summary()}
        try:
            while True:
                yield f"data: {json.dumps(event)}\n\n"
                while (waited := await _next(queue)) is None:
                    yield ": still here\n\n"
                event = waited
        finally:
            del self._browsers[queue]
            self._tell_wanted()

    def _tell_wanted(self) -> None:
        shown = [one for one in reversed(self._browsers.values()) if one[0]]
        editions = dict.fromkeys(edition for edition, _ in shown)
        changes = dict.fromkeys(one for one in shown if one[1])
        self.want(Wanted(tuple(editions), tuple(changes)))

    async def _editors(self, _: Request) -> Response:
        known = address_patterns()
        if self.editor.name == COMMAND:
            known = {COMMAND: (Path(self.editor.command[0]).name, ""), **known}
        return JSONResponse(
            {"editors": known, "chosen": self.editor.name, "folder": self.state.book.as_posix()}
        )

    async def _pages(self, request: Request) -> Response:
        edition = self._edition(request)
        pages, size = edition.pages, edition.size
        keys = {key: number for number, key in enumerate(pages.sections)}
        return JSONResponse(
            {
                "edition": pages.edition,
                "revision": edition.revision,
                "seconds": edition.seconds,
                "rightToLeft": edition.is_right_to_left,
                "width": size.width_pt,
                "height": size.height_pt,
                "sections": [[one.name, one.title] for one in pages.sections.values()],
                "pages": [
                    [one.label, one.digest, keys.get(one.section, -1), one.index]
                    for one in pages.pages
                ],
                "changed": [
                    number
                    for number, one in enumerate(pages.pages)
                    if one.digest in edition.changed
                ],
            }
        )

    async def _findings(self, request: Request) -> Response:
        name = request.path_params["edition"]
        found = self.state.findings(name)
        edition = self.state.shown.get(name)
        places: list[list[tuple[int, int]]] = [[] for _ in found]
        if edition is not None:
            places = await run_in_threadpool(places_of, edition.positions, found)
        return JSONResponse(
            [_finding(one, place) for one, place in zip(found, places, strict=True)]
        )

    async def _place(self, request: Request) -> Response:
        edition = self._edition(request)
        location = _location(request.query_params)
        placed = await run_in_threadpool(edition.positions.places, location)
        return JSONResponse([(one.page, one.number) for one in placed])

    async def _lines(self, request: Request) -> Response:
        edition, page = self._edition(request), request.path_params["page"]
        if page >= len(edition.pages.pages):
            raise HTTPException(404)
        return JSONResponse(await run_in_threadpool(self._lines_of, edition, page))

    def _lines_of(self, edition: EditionState, page: int) -> list[dict[str, Any]]:
        """Return the lines on a page: where they are, in shares of it, and what they are of."""
        positions, size = edition.positions, edition.size
        lines = positions.on_page(page)
        texts = positions.texts(page, lines) if lines else []
        sources = positions.sources(page, lines)
        boxes = [box_of(line, size.height_pt) for line in lines]
        return [
            {
                "box": [
                    left / size.width_pt,
                    top / size.height_pt,
                    width / size.width_pt,
                    height / size.height_pt,
                ],
                "text": text,
                "path": source.path if source is not None else "",
                "line": source.line if source is not None else 0,
            }
            for (left, top, width, height), text, source in zip(boxes, texts, sources, strict=True)
        ]

    async def _image(self, request: Request) -> Response:
        edition, digest = self._edition(request), request.path_params["digest"]
        # Pages with one digest look the same.
        page = edition.numbers.get(digest)
        if page is None or edition.pages.file is None:
            raise HTTPException(404)
        return await self._webp(edition.pages.file, page, digest, _width(request))

    async def _webp(
        self, file: Path, page: int, digest: str, width: int, *, whole_sheet: bool = False
    ) -> Response:
        try:
            content = await run_in_threadpool(
                self.state.images.image, file, page, digest, width, whole_sheet=whole_sheet
            )
        except KeyError as error:
            # Another file has taken its place meanwhile.
            raise HTTPException(404) from error
        return Response(content, media_type="image/webp", headers=_FOR_EVER)

    async def _cover(self, request: Request) -> Response:
        cover = self.state.covers.get(request.path_params["edition"])
        if cover is None:
            raise HTTPException(404)
        return JSONResponse(
            {
                "digest": cover.digest,
                "width": cover.width_mm,
                "height": cover.height_mm,
                "guides": [
                    [one.kind, one.left_mm, one.top_mm, one.width_mm, one.height_mm]
                    for one in cover.guides
                ],
            }
        )

    async def _cover_image(self, request: Request) -> Response:
        cover = self.state.covers.get(request.path_params["edition"])
        digest = request.path_params["digest"]
        if cover is None or cover.file is None or cover.digest != digest:
            raise HTTPException(404)
        return await self._webp(cover.file, 0, digest, _width(request), whole_sheet=True)

    async def _changes(self, request: Request) -> Response:
        known = self.state.changes.get(request.path_params["edition"])
        if known is None:
            raise HTTPException(404)
        revision, made = known
        return JSONResponse(
            {
                "revision": revision,
                "since": made.since,
                "sinceName": made.since_name,
                "summary": made.summary,
                "error": made.error,
                "pairs": [
                    {"words": one.words, "old": _part(one.old), "new": _part(one.new)}
                    for one in made.pairs
                ],
            }
        )

    async def _changed_image(self, request: Request) -> Response:
        revision, made = self.state.changes.get(request.path_params["edition"], (0, None))
        side, page = request.path_params["side"], request.path_params["page"]
        if made is None or revision != request.path_params["revision"]:
            raise HTTPException(404)
        for pair in made.pairs:
            part, file = (pair.old, made.old_file) if side == "old" else (pair.new, made.new_file)
            if part is not None and part.number == page and file is not None:
                return await self._webp(file, page, part.digest, _width(request))
        raise HTTPException(404)

    async def _revisions(self, _: Request) -> Response:
        known = await run_in_threadpool(known_revisions, self.state.book)
        return JSONResponse({"revisions": known, "chosen": self.since})

    async def _epub(self, request: Request) -> Response:
        known = self.state.books.get(request.path_params["edition"])
        if known is None:
            raise HTTPException(404)
        made, epub = known
        return JSONResponse(
            {
                "digest": made.digest,
                "spine": epub.spine,
                "contents": epub.contents,
                "rightToLeft": epub.is_right_to_left,
            }
        )

    async def _epub_file(self, request: Request) -> Response:
        epub = self.state.ebook(request.path_params["edition"], request.path_params["digest"])
        if epub is None:
            raise HTTPException(404)
        file = await run_in_threadpool(epub.read, request.path_params["path"])
        if file is None:
            raise HTTPException(404)
        headers = {"Content-Security-Policy": BOOK_POLICY, **_FOR_EVER}
        return Response(file.content, media_type=file.media_type, headers=headers)

    async def _open(self, request: Request) -> Response:
        """Open a line by the user's command; the path must be one that a page shows."""
        location = _location(await _posted(request))
        known = {
            path
            for edition in self.state.shown.values()
            for section in edition.pages.sections.values()
            for path in section.origins.paths
        } | {one.location.path for one in self._all_findings() if one.location is not None}
        path = (self.state.book / location.path).resolve()
        is_in_book = path.is_relative_to(self.state.book.resolve()) and path.is_file()
        if self.editor.name != COMMAND or location.path not in known or not is_in_book:
            raise HTTPException(403)
        return Response(status_code=204 if self._opens(location) else 500)

    def _opens(self, location: SourceLocation) -> bool:
        return run_command(self.editor, self.state.book, location)

    def _all_findings(self) -> list[Finding]:
        return [one for edition in self.state.shown for one in self.state.findings(edition)]

    async def _goto(self, request: Request) -> Response:
        is_asked = request.method == "GET"
        location = _location(request.query_params if is_asked else await _posted(request))
        path = Path(location.path)
        if path.is_absolute():
            # Editors know the whole path.
            try:
                path = path.resolve().relative_to(self.state.book.resolve())
            except ValueError as error:
                raise HTTPException(404, "That file is not in the book's folder.") from error
        self._send({"kind": "goto", "path": path.as_posix(), "line": location.line})
        shown = len(self._browsers)
        return JSONResponse({"browsers": shown})

    def _edition(self, request: Request) -> EditionState:
        edition = self.state.shown.get(request.path_params["edition"])
        if edition is None:
            raise HTTPException(404)
        return edition


async def _next(queue: asyncio.Queue[dict[str, Any]]) -> dict[str, Any] | None:
    try:
        return await asyncio.wait_for(queue.get(), _QUIET_SECONDS)
    except TimeoutError:
        return None


def _asset(name: str) -> Response:
    """Return a file of the page; only those of the package have such names."""
    suffix = Path(name).suffix
    file = files("makeready").joinpath("preview", "assets", name)
    if "/" in name or name.startswith(".") or suffix not in _MEDIA_TYPES or not file.is_file():
        raise HTTPException(404)
    return Response(
        file.read_bytes(), headers={"Cache-Control": "no-cache"}, media_type=_MEDIA_TYPES[suffix]
    )


def _width(request: Request) -> int:
    width: int = request.path_params["width"]
    if not LEAST_WIDTH_PX <= width <= LARGEST_WIDTH_PX:
        raise HTTPException(404)
    return width


async def _posted(request: Request) -> dict[str, Any]:
    """Return the values that a request brings; 400 for what is no object of JSON."""
    try:
        values = await request.json()
    except (ValueError, RecursionError) as error:
        raise HTTPException(400, "The request has no JSON.") from error
    if not isinstance(values, dict):
        raise HTTPException(400, "The request has no JSON object.")
    return values


def _location(values: Mapping[str, Any]) -> SourceLocation:
    line = str(values.get("line", "1"))
    return SourceLocation(str(values.get("path", "")), int(line) if line.isdigit() else 1)


def _part(part: PagePart | None) -> dict[str, Any] | None:
    if part is None:
        return None
    return {"page": part.number, "label": part.label, "boxes": part.boxes, "texts": part.texts}


def _finding(finding: Finding, places: list[tuple[int, int]]) -> dict[str, Any]:
    location = finding.location
    return {
        "id": finding.id,
        "severity": str(finding.severity),
        "message": finding.message,
        "hint": finding.hint,
        "path": location.path if location else "",
        "line": location.line if location else None,
        "editions": finding.editions,
        "places": places,
    }
