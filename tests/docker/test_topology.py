"""The topology of docker/compose.yml, run natively: proxy with TLS, app, PostgreSQL."""

from __future__ import annotations

import datetime as dt
import json
import ssl
import subprocess
import time
from pathlib import Path
from typing import Iterator

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bot import wiring  # noqa: F401  (declares every table)
from bot.database import Database, metadata
from tests import needs
from tests.serving.server import ROOT, Server, free_port, wait_for

pytestmark = pytest.mark.slow


def certificate(folder: Path) -> None:
    """A key and a certificate of our own for localhost."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.timezone.utc)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    encoding = serialization.Encoding.PEM
    (folder / "server.key").write_bytes(key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, plain))
    (folder / "server.crt").write_bytes(made.public_bytes(encoding))


def configuration(folder: Path, *, app: int, port: int) -> Path:
    """docker/nginx.conf, with this machine's places instead of the containers'."""
    text = (ROOT / "docker" / "nginx.conf").read_text()
    (folder / "mime.types").write_text("types { text/html html; }\n")
    for was, here in {
        "/run/nginx.pid": str(folder / "nginx.pid"),
        "/etc/nginx/mime.types": str(folder / "mime.types"),
        "/etc/nginx/tls/": f"{folder}/",
        "/dev/stderr": str(folder / "error.log"),
        "app:8080": f"127.0.0.1:{app}",
        "listen 8443": f"listen 127.0.0.1:{port}",
    }.items():
        assert was in text
        text = text.replace(was, here)
    path = folder / "nginx.conf"
    path.write_text(text)
    return path


@pytest.fixture(scope="module")
def proxied(model: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    url, nginx = needs.postgres(), needs.nginx()
    database = Database(url)
    var = tmp_path_factory.mktemp("topology")
    app = Server(var, database_url=url, proxies="1", secure_cookies="true").start()
    certificate(var)
    port = free_port()
    config = configuration(var, app=app.port, port=port)
    proxy = subprocess.Popen([nginx, "-c", str(config), "-p", str(var), "-g", "daemon off; user root;"])
    trusted = ssl.create_default_context(cafile=str(var / "server.crt"))
    with httpx.Client(base_url=f"https://localhost:{port}", verify=trusted, timeout=20) as client:

        def answers() -> bool:
            try:
                return client.get("/health/ready").status_code == 200
            except httpx.HTTPError:
                return False

        wait_for(answers, what="the proxy")
        yield client
    proxy.terminate()
    proxy.wait(10)
    app.stop()
    with database.begin() as tx:
        for table in reversed(metadata.sorted_tables):
            tx.execute(table.delete())
    database.close()


def started(client: httpx.Client) -> tuple[str, dict[str, str]]:
    opened = client.post("/chat/conversations", json={"locale": "en", "timezone": "Europe/London"})
    assert opened.status_code == 201, opened.text
    state = opened.json()
    return f"/chat/conversations/{state['conversation']}", {"Authorization": f"Bearer {state['token']}"}


def test_a_reply_streams_through_the_proxy_at_once(proxied: httpx.Client) -> None:
    path, headers = started(proxied)
    with proxied.stream("GET", f"{path}/events", headers=headers) as stream:
        lines = stream.iter_lines()
        next(line for line in lines if line.startswith("data:"))
        body = {"id": "topology-1", "text": "I want to talk to a human please"}
        began = time.monotonic()
        assert proxied.post(f"{path}/messages", headers=headers, json=body).status_code == 202
        for line in lines:
            if line.startswith("data:") and '"promise": {' in line and '"from": "assistant"' in line:
                break
        assert time.monotonic() - began < 3
        assert json.loads(line[5:])["promise"]["due_at"]


def test_the_numbers_are_not_for_the_world(proxied: httpx.Client) -> None:
    assert proxied.get("/metrics").status_code == 404


def test_a_body_over_64_kilobytes_is_refused(proxied: httpx.Client) -> None:
    path, headers = started(proxied)
    body = {"id": "topology-2", "text": "x" * 70_000}
    assert proxied.post(f"{path}/messages", headers=headers, json=body).status_code == 413


def test_no_demo_shop_is_served(proxied: httpx.Client) -> None:
    assert proxied.get("/").status_code == 404
    assert proxied.get("/widget/nightdesk.js").status_code == 200
