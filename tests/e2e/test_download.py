"""Downloads against a real HTTP server on loopback that misbehaves on demand. The program under
test is download-probe, which calls net::fetch() with its arguments."""

import hashlib
import http.server
import os
import pathlib
import subprocess
import threading

import pytest

TOP = pathlib.Path(__file__).resolve().parents[2]
PROBE = pathlib.Path(os.environ.get("KONVOY_BIN", TOP / "build/release/bin")) / "download-probe"
BODY = bytes(range(256)) * 4096
DIGEST = hashlib.sha256(BODY).hexdigest()


class Server(http.server.ThreadingHTTPServer):
    def __init__(self, behaviour):
        super().__init__(("127.0.0.1", 0), Handler)
        self.behaviour = behaviour
        self.requests = []


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        start = int((self.headers.get("Range") or "bytes=0-")[6:].split("-")[0])
        self.server.requests.append(start)
        self.server.behaviour(self, start, len(self.server.requests))

    def log_message(self, *_):
        pass

    def answer(self, start, upto=None, status=None):
        self.send_response(status or (206 if start else 200))
        self.send_header("Content-Length", str(len(BODY) - start))
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(BODY) - 1}/{len(BODY)}")
        self.end_headers()
        self.wfile.write(BODY[start:upto])


@pytest.fixture
def serve():
    servers = []

    def start(behaviour):
        server = Server(behaviour)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        server.url = f"http://127.0.0.1:{server.server_port}/file?token=s3cret"
        return server

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def fetch(url, path, digest=DIGEST):
    return subprocess.run([PROBE, url, path, digest], capture_output=True, text=True, timeout=60)


def test_a_file_arrives_whole(serve, tmp_path):
    server = serve(lambda handler, start, n: handler.answer(start))
    done = fetch(server.url, tmp_path / "file")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "file").read_bytes() == BODY
    assert not (tmp_path / "file.part").exists()


def test_a_cut_connection_is_continued(serve, tmp_path):
    def cut_once(handler, start, n):
        handler.answer(start, upto=300_000 if n == 1 else None)
        handler.close_connection = True

    server = serve(cut_once)
    done = fetch(server.url, tmp_path / "file")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "file").read_bytes() == BODY
    assert server.requests[0] == 0 and server.requests[1] > 0


def test_a_server_that_can_not_continue_starts_over(serve, tmp_path):
    (tmp_path / "file.part").write_bytes(b"x" * 1000)
    server = serve(lambda handler, start, n: handler.answer(0, status=200))
    assert fetch(server.url, tmp_path / "file").returncode == 0
    assert (tmp_path / "file").read_bytes() == BODY


def test_everything_there_already(serve, tmp_path):
    (tmp_path / "file.part").write_bytes(BODY)

    def past_end(handler, start, n):
        handler.send_response(416)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    assert fetch(serve(past_end).url, tmp_path / "file").returncode == 0
    assert (tmp_path / "file").read_bytes() == BODY


def test_a_wrong_digest_leaves_nothing(serve, tmp_path):
    server = serve(lambda handler, start, n: handler.answer(start))
    done = fetch(server.url, tmp_path / "file", "0" * 64)
    assert done.returncode == 2
    assert "is not what was asked for" in done.stderr and DIGEST in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_refusal_is_not_tried_again_and_no_page_is_kept(serve, tmp_path):
    def refuse(handler, start, n):
        handler.send_error(404)

    server = serve(refuse)
    done = fetch(server.url, tmp_path / "file")
    assert done.returncode == 2 and "answered 404" in done.stderr
    assert len(server.requests) == 1
    assert not (tmp_path / "file").exists()


def test_a_busy_server_is_tried_again(serve, tmp_path):
    def busy_once(handler, start, n):
        handler.send_error(503) if n == 1 else handler.answer(start)

    server = serve(busy_once)
    assert fetch(server.url, tmp_path / "file").returncode == 0
    assert len(server.requests) == 2


def test_what_the_url_hides_stays_hidden(serve, tmp_path):
    server = serve(lambda handler, start, n: handler.send_error(403))
    done = fetch(server.url, tmp_path / "file")
    assert "s3cret" not in done.stderr + done.stdout


def test_plain_http_needs_a_digest(tmp_path):
    done = fetch("http://127.0.0.1:1/file", tmp_path / "file", "")
    assert done.returncode == 2 and "without a known digest" in done.stderr
