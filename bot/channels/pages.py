"""The pages that a customer's browser gets from us: the widget's files and the demo storefront."""

from __future__ import annotations

from typing import Mapping
from urllib.parse import unquote

from sanic import Blueprint, Request
from sanic.response import HTTPResponse, html

from bot.channels.files import STATIC, Files, add_files
from bot.channels.origins import Origins, share_with
from bot.channels.store.home import home
from bot.channels.store.product import missing, product_page
from bot.channels.store.visit import Site, Visit
from bot.http.look import TOKENS

# Only our own files, nothing inline, and no frame around it.
SAFE_PAGE: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-cache",
    "Vary": "Accept-Language",
}


def widget(*, origins: Origins) -> Blueprint:
    """The widget's files below `/widget`; pages of these origins may load them too."""
    routes = Blueprint("widget", url_prefix="/widget")
    share_with(routes, origins)
    add_files(routes, Files.read(STATIC / "widget", TOKENS))
    return routes


def pages(site: Site) -> Blueprint:
    """The demo storefront: `/`, `/p/<id>`, and its files below `/store`."""
    routes = Blueprint("pages")
    files = Files.read(STATIC / "store")
    widget_version = Files.read(STATIC / "widget", TOKENS).version
    add_files(routes, files, prefix="/store")
    sheets = (
        f"/widget/{widget_version}/tokens.css",
        f"/store/{files.version}/store.css",
    )
    script = f"/store/{files.version}/store.js"
    mark = f"/store/{files.version}/mark.svg"

    def visit(request: Request) -> Visit:
        return Visit.of(
            site,
            language=request.args.get("lang"),
            country=request.args.get("country"),
            accepted=request.headers.get("accept-language", ""),
            path=request.path,
            sheets=sheets,
            script=script,
            mark=mark,
        )

    @routes.get("/", name="home")  # type: ignore[untyped-decorator]
    async def _home(request: Request) -> HTTPResponse:
        return html(home(site, visit(request)), headers=SAFE_PAGE)

    @routes.get("/p/<product:str>", name="product")  # type: ignore[untyped-decorator]
    async def _product(request: Request, product: str) -> HTTPResponse:
        wanted = unquote(product)
        found = next((one for one in site.products() if one.id == wanted), None)
        if found is None:
            return html(missing(site, visit(request)), status=404, headers=SAFE_PAGE)
        body = product_page(site, visit(request), found, colour=request.args.get("colour"))
        return html(body, headers=SAFE_PAGE)

    return routes
