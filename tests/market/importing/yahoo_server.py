"""Yahoo on loopback: a proxy that answers itself, over TLS, in the name of Yahoo's hosts.

The package yfinance and its transport are the real ones and know nothing of it: they are led here by HTTPS_PROXY and
trust the certificate by REQUESTS_CA_BUNDLE, as they would behind the proxy of a firm. What the chart endpoint answers
has the shape that yfinance reads: chart.result[0] with meta, timestamp, indicators.quote and .adjclose, events.
"""

import contextlib
import datetime
import json
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOSTS: Final = ("query1.finance.yahoo.com", "query2.finance.yahoo.com", "fc.yahoo.com", "guce.yahoo.com")


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent back. With `cut` the connection ends after half of the body that was announced."""

    status: int
    body: bytes
    kind: str = "application/json"
    cut: bool = False


def not_found(member: str, description: str) -> Answer:
    """Yahoo's 404: JSON whose error says what was not found."""
    error = {"code": "Not Found", "description": description}
    return Answer(404, json.dumps({member: {"result": None, "error": error}}).encode())


UNKNOWN: Final = not_found("chart", "No data found, symbol may be delisted")
TOO_MANY: Final = Answer(429, b"Too Many Requests\r\n", "text/plain")
"""Yahoo's edge says this itself, and not in JSON."""

Charts = Callable[[str, dict[str, str]], Answer]
"""What is answered for a symbol's chart, asked with these parameters."""


@dataclass(slots=True)
class LocalYahoo:
    """Answers as Yahoo does, and remembers which charts it was asked for, with which parameters."""

    charts: Charts = lambda symbol, wish: UNKNOWN
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)

    def answer(self, host: str, target: str) -> Answer:
        """A crumb, charts, the pages that only set cookies; anything else is not found."""
        self.hosts.add(host)
        parts = urlsplit(target)
        what = parts.path.rpartition("/")[2]
        if parts.path == "/v1/test/getcrumb":
            return Answer(200, b"crumb.of.today", "text/plain")
        if parts.path.startswith("/v8/finance/chart/"):
            wish = {name: values[0] for name, values in parse_qs(parts.query).items()}
            self.asked.append((what, wish))
            return self.charts(what, wish)
        if host == "guce.yahoo.com":
            return Answer(200, b"<html><body>Nothing to consent to.</body></html>", "text/html")
        return Answer(404, b"", "text/html") if host == "fc.yahoo.com" else not_found("quoteSummary", f"No {what}")


def chart(times: list[int], fields: dict[str, Any], **others: Any) -> Answer:
    """The answer with bars that begin at these seconds since 1970, as the exchange in New York gives them.

    `fields` has open, high, low, close, volume, and adjclose where there is one (lists; None is a missing number);
    `others` may have events, meta.
    """
    quote = {name: fields[name] for name in ("open", "high", "low", "close", "volume")}
    adjusted = {"adjclose": [{"adjclose": fields["adjclose"]}]} if "adjclose" in fields else {}
    meta = {
        "currency": "USD",
        "symbol": "AAPL",
        "exchangeName": "NMS",
        "fullExchangeName": "NasdaqGS",
        "instrumentType": "EQUITY",
        "firstTradeDate": 345479400,
        "regularMarketTime": times[-1] if times else 0,
        "gmtoffset": -18000,
        "timezone": "EST",
        "exchangeTimezoneName": "America/New_York",
        "regularMarketPrice": 100.0,
        "priceHint": 2,
        "dataGranularity": "1d",
        "range": "",
        "validRanges": ["1d", "5d", "1mo", "3mo", "6mo", "1y", "2y", "5y", "10y", "ytd", "max"],
        **others.get("meta", {}),
    }
    result = {"meta": meta, "timestamp": times, "indicators": {"quote": [quote], **adjusted}}
    if "events" in others:
        result["events"] = others["events"]
    return Answer(200, json.dumps({"chart": {"result": [result], "error": None}}).encode())


@contextlib.contextmanager
def serving(yahoo: LocalYahoo, folder: Path) -> Iterator[dict[str, str]]:
    """Serve until left; the environment in which a program finds this Yahoo and trusts it."""
    trusted, own = _certified(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own)

    class Handler(_Proxy):
        answers, tls = yahoo, context

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        proxy = f"http://127.0.0.1:{server.server_port}"
        yield {"HTTPS_PROXY": proxy, "https_proxy": proxy, "NO_PROXY": "", "REQUESTS_CA_BUNDLE": str(trusted)}
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextlib.contextmanager
def yfinance_led_to(yahoo: LocalYahoo, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the real yfinance find this Yahoo, with nothing in its memory and with its caches in the folder."""
    yfinance = pytest.importorskip("yfinance")
    with serving(yahoo, folder) as environment:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(yfinance.data.SingletonMeta, "_instances", {})
        monkeypatch.setattr(yfinance.base, "_tz_info_fetch_ctr", 0)
        yfinance.data.YfData.cache_get.cache_clear()
        yfinance.cache.set_cache_location(str(folder))
        for manager, kept in (("_TzCacheManager", "_tz_cache"), ("_CookieCacheManager", "_Cookie_cache")):
            monkeypatch.setattr(getattr(yfinance.cache, manager), kept, None)
        yield


class _Proxy(BaseHTTPRequestHandler):
    answers: LocalYahoo
    tls: ssl.SSLContext
    protocol_version = "HTTP/1.1"
    host = ""

    def do_CONNECT(self) -> None:
        """Speak on as the host that was asked for."""
        self.host = self.path.partition(":")[0]
        self.send_response(200, "Connection established")
        self.end_headers()
        self.connection = self.tls.wrap_socket(self.connection, server_side=True)
        self.rfile = self.connection.makefile("rb")
        self.wfile = self.connection.makefile("wb", buffering=0)
        self.close_connection = False

    def do_GET(self) -> None:
        """Send what Yahoo answers."""
        answer = self.answers.answer(self.host, self.path)
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.kind)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body[: len(answer.body) // 2] if answer.cut else answer.body)
        self.close_connection = answer.cut

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing on the terminal."""

    def finish(self) -> None:
        """A client that has enough may have gone."""
        with contextlib.suppress(OSError):
            super().finish()
            self.connection.close()

    def handle(self) -> None:
        """A client that was cancelled goes in the middle of an answer."""
        with contextlib.suppress(OSError):
            super().handle()


def _certified(folder: Path) -> tuple[Path, Path]:
    """A file with an authority's certificate, and one with the key and the certificate that it gave Yahoo's hosts."""
    authority_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority = _certificate("Authority", authority_key, (x509.BasicConstraints(ca=True, path_length=0), authority_key))
    names = x509.SubjectAlternativeName([x509.DNSName(host) for host in HOSTS])
    certificate = _certificate("Yahoo", key, (names, authority_key))
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    trusted, own = folder / "authority.pem", folder / "yahoo.pem"
    trusted.write_bytes(authority.public_bytes(serialization.Encoding.PEM))
    own.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    return trusted, own


def _certificate(
    name: str, key: ec.EllipticCurvePrivateKey, signed: tuple[x509.ExtensionType, ec.EllipticCurvePrivateKey]
) -> x509.Certificate:
    extension, by = signed
    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Authority")]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=2))
        .add_extension(extension, critical=True)
        .sign(by, hashes.SHA256())
    )
