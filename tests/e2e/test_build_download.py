"""build on a base that comes from a URL: a real HTTP server on loopback that misbehaves on demand."""

import base64
import functools
import hashlib
import http.server
import json
import os
import pathlib
import subprocess
import threading

import pytest

from hosts import wait_until
from miniature import BIN, REPOSITORY, build

IMAGE = "images/root/centos-8.yaml"
CUT_AFTER = 1 << 20


class Handler(http.server.BaseHTTPRequestHandler):
    """Serves one file, with ranges; the first answers of a server with `cuts` end too early."""

    def do_GET(self):
        start = int((self.headers.get("Range") or "bytes=0-")[6:].split("-")[0])
        self.server.starts.append(start)
        self.server.asked.append((self.path, self.headers.get("Proxy-Authorization")))
        size = self.server.file.stat().st_size
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(size - start))
        if start:
            self.send_header("Content-Range", f"bytes {start}-{size - 1}/{size}")
        self.end_headers()
        with open(self.server.file, "rb") as file:
            file.seek(start)
            if len(self.server.starts) <= self.server.cuts:
                self.wfile.write(file.read(CUT_AFTER))
                self.close_connection = True
                return
            while chunk := file.read(1 << 20):
                self.wfile.write(chunk)

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def archive(built_disk, tmp_path_factory):
    """A root on which nothing is to be done, as a tar archive; gives its path and digest."""
    path = tmp_path_factory.mktemp("archive") / "base.tar"
    subprocess.run(["tar", "--xattrs", "-C", built_disk.node, "-cf", path, "."], check=True)
    with open(path, "rb") as file:
        return path, hashlib.file_digest(file, "sha256").hexdigest()


@pytest.fixture
def serve(archive):
    servers = []

    def start(cuts=0):
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.file, server.cuts, server.starts, server.asked = archive[0], cuts, [], []
        server.url = f"http://me:canary-5b1@127.0.0.1:{server.server_port}/base.tar"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return server

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def words(server, digest, directory, url=None):
    return [IMAGE, *REPOSITORY, "--base", url or server.url, "--extra-vars", f"base.sha256={digest}",
            "--extra-vars", "result.format=directory", "--result", directory / "result"]


def environment(directory):
    return {"XDG_CACHE_HOME": str(directory / "cache"), "no_proxy": "127.0.0.1"}


def test_a_cut_download_is_resumed_and_then_kept(serve, archive, tmp_path):
    server = serve(cuts=1)
    run = functools.partial(build, *words(server, archive[1], tmp_path), "-o", "json", cwd=tmp_path,
                            environment=environment(tmp_path))
    first = run()
    assert server.starts[0] == 0 and 0 < server.starts[1] <= CUT_AFTER
    answer = json.loads(first.stdout)
    record = json.loads(pathlib.Path(answer["record"]).read_text())
    assert record["build"]["base"]["digest"] == "sha256:" + archive[1]
    assert record["build"]["base"]["path"] == f"http://127.0.0.1:{server.server_port}/base.tar"
    assert "canary-5b1" not in first.stdout + first.stderr + json.dumps(record)
    assert (tmp_path / "result/usr/bin/kubelet").exists()
    run()
    assert len(server.starts) == 2


def test_a_killed_download_is_resumed_by_the_next_build(serve, archive, tmp_path):
    server = serve(cuts=100)  # each answer is short: the build is killed while it tries again
    process = subprocess.Popen([BIN / "konvoy-image", "build", *words(server, archive[1], tmp_path)],
                               cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                               env={**os.environ, **environment(tmp_path)})
    wait_until(lambda: len(server.starts) >= 2, 60, "a second request")
    process.kill()
    process.wait()
    assert not (tmp_path / "result").exists()
    server.cuts = 0
    before = len(server.starts)
    build(*words(server, archive[1], tmp_path), cwd=tmp_path, environment=environment(tmp_path))
    assert server.starts[before] > 0


def test_a_wrong_checksum_leaves_nothing(serve, tmp_path):
    done = build(*words(serve(), "0" * 64, tmp_path), cwd=tmp_path, code=2,
                 environment=environment(tmp_path))
    assert "is not what was asked for" in done.stderr
    assert not (tmp_path / "result").exists()
    assert [path for path in (tmp_path / "cache").rglob("*") if path.is_file()] == []


def test_http_without_a_checksum_is_refused(serve, tmp_path):
    server = serve()
    done = build(IMAGE, "--base", server.url, "--result", tmp_path / "result", cwd=tmp_path, code=2)
    assert "without a known digest" in done.stderr and server.starts == []


def test_a_proxy_of_the_environment_is_asked_and_a_cut_goes_on_there(serve, archive, tmp_path):
    """Nobody else knows a host of this name."""
    proxy = serve(cuts=1)
    url = "http://base.invalid/base.tar"
    told = build(*words(proxy, archive[1], tmp_path, url), "-o", "json", cwd=tmp_path,
                 environment={**environment(tmp_path),
                              "http_proxy": f"http://me:canary-7c2@127.0.0.1:{proxy.server_port}"})
    login = "Basic " + base64.b64encode(b"me:canary-7c2").decode()
    assert proxy.asked == [(url, login), (url, login)]
    assert proxy.starts[0] == 0 and 0 < proxy.starts[1] <= CUT_AFTER
    assert "canary-7c2" not in told.stdout + told.stderr
    assert (tmp_path / "result/usr/bin/kubelet").exists()
