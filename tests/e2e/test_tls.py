"""What services accept, found out by offers: against openssl, nginx, Go, and a server of our own.

The server of our own takes what no TLS library of today can: 3DES, RC4, NULL and export suites. It
chooses, as the standards say, and goes no further than its ServerHello.
"""

import contextlib
import json
import select
import socket
import socketserver
import struct
import subprocess
import threading
import time

import pytest

import openpgp
import product

AES128 = "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"
AES256 = "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"


# --- the tool -----------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def probe(tmp_path_factory):
    """Gives what dkp-fips-tool finds out about the service at a port."""
    folder = tmp_path_factory.mktemp("probe")
    keys = openpgp.Keys(folder / "home")
    keys.make("signer")
    document = {"api_version": "fips.manifest/v1", "created": "2026-01-01T00:00:00Z",
                "os": {"id": "rhel", "version": "8", "arch": "x86_64"},
                "files": [{"path": "/usr/bin/kubelet", "size": 1, "sha256": "0" * 64}]}
    path = folder / "manifest.asc"
    path.write_bytes(keys.sign("signer", json.dumps(document).encode() + b"\n"))
    keyring = keys.export(folder / "trusted.gpg", "signer")

    def ask(port, host="localhost"):
        run = product.run("dkp-fips-tool", "--json", "--keyring", keyring,
                          "--service", f"probed={host}:{port}", path)
        assert run.returncode == 1, run.stderr  # this machine is not in FIPS mode
        services = json.loads(run.stdout)["services"]
        return next(service for service in services if service["name"] == "probed")

    yield ask
    keys.close()


def versions(service):
    return {entry["version"]: entry["ciphers"] for entry in service["versions"]}


def errors(service):
    return [remark["what"] for remark in service["remarks"] if remark["severity"] == "error"]


# --- servers ------------------------------------------------------------------------------------

def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def wait_for(port, process):
    for _ in range(200):
        assert process.poll() is None, "the server ended"
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise AssertionError("the server does not listen")


@contextlib.contextmanager
def serving(command, port, **options):
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL, **options)
    try:
        wait_for(port, process)
        yield port
    finally:
        process.kill()
        process.wait()


def certificate(folder, *kind, name="kube-apiserver", digest="sha256"):
    key, cert = folder / f"{name}.key", folder / f"{name}.crt"
    subprocess.run(["openssl", "req", "-x509", "-nodes", "-newkey", *kind, "-keyout", key, "-out",
                    cert, "-days", "30", "-subj", f"/CN={name}", f"-{digest}"],
                   check=True, capture_output=True)
    return key, cert


def signed_certificate(folder, digest, *kind):
    """A certificate that an authority signed: only then its own signature counts."""
    ca_key, ca = certificate(folder, "rsa:2048", name="ca")
    request = subprocess.run(["openssl", "req", "-nodes", "-newkey", *kind, "-keyout",
                              folder / "leaf.key", "-subj", "/CN=leaf"],
                             check=True, capture_output=True).stdout
    leaf = folder / "leaf.crt"
    subprocess.run(["openssl", "x509", "-req", "-CA", ca, "-CAkey", ca_key, "-CAcreateserial",
                    "-days", "9", f"-{digest}", "-out", leaf], input=request, check=True,
                   capture_output=True)
    return folder / "leaf.key", leaf


def s_server(folder, *options, files=None):
    key, cert = files or certificate(folder, "rsa:2048")
    port = free_port()
    return serving(["openssl", "s_server", "-accept", f"127.0.0.1:{port}", "-key", key, "-cert",
                    cert, "-quiet", *options], port)


NGINX = """
daemon off; master_process off; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{}}
http {{
  access_log off; client_body_temp_path {folder}; proxy_temp_path {folder};
  fastcgi_temp_path {folder}; uwsgi_temp_path {folder}; scgi_temp_path {folder};
  server {{
    listen 127.0.0.1:{port} ssl; ssl_certificate {cert}; ssl_certificate_key {key};
    {settings}
  }}
}}
"""


def nginx(folder, settings):
    key, cert = certificate(folder, "rsa:2048")
    port = free_port()
    configuration = folder / "nginx.conf"
    configuration.write_text(NGINX.format(folder=folder, port=port, cert=cert, key=key,
                                          settings=settings))
    return serving(["nginx", "-c", configuration], port)


GO_SERVER = """
package main

import ("crypto/tls"; "os")

func main() {
	pair, err := tls.LoadX509KeyPair(os.Args[2], os.Args[3])
	if err != nil { panic(err) }
	config := &tls.Config{Certificates: []tls.Certificate{pair}}
	if os.Args[4] == "strict" {
		config.MinVersion = tls.VersionTLS12
		config.MaxVersion = tls.VersionTLS12
		config.CurvePreferences = []tls.CurveID{tls.CurveP256, tls.CurveP384}
		config.CipherSuites = []uint16{tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
			tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384}
		config.ClientAuth = tls.RequireAnyClientCert
	}
	listener, err := tls.Listen("tcp", "127.0.0.1:"+os.Args[1], config)
	if err != nil { panic(err) }
	for {
		connection, err := listener.Accept()
		if err == nil { go func() { connection.(*tls.Conn).Handshake(); connection.Close() }() }
	}
}
"""


@pytest.fixture(scope="module")
def go_server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("go")
    source = folder / "server.go"
    source.write_text(GO_SERVER)
    program = folder / "server"
    subprocess.run(["/usr/lib/go-1.19/bin/go", "build", "-o", program, source], check=True,
                   env={"PATH": "/usr/bin:/bin", "HOME": str(folder), "GOFLAGS": "-mod=mod",
                        "GO111MODULE": "off", "CGO_ENABLED": "0", "GOCACHE": str(folder / "cache"),
                        "GOPATH": str(folder / "path")})

    def start(folder, how):
        key, cert = certificate(folder, "rsa:2048")
        port = free_port()
        return serving([program, str(port), cert, key, how], port)

    return start


class Chooser(socketserver.ThreadingTCPServer):
    """Chooses the first of its suites that is offered, answers with a ServerHello, hangs up."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, suites, misbehave=None):
        super().__init__(("127.0.0.1", 0), ChooserHandler)
        self.suites = suites  # version -> suites in our order
        self.misbehave = misbehave
        self.most_open = self.connections = 0
        self.waiting = set()
        self.lock = threading.Lock()


def hung_up(connection):
    """Whether the client has closed a connection, although its thread here may not know yet."""
    readable = select.select([connection], [], [], 0)[0]
    return bool(readable) and connection.recv(1, socket.MSG_PEEK) == b""


class ChooserHandler(socketserver.BaseRequestHandler):
    def handle(self):
        server = self.server
        with server.lock:
            server.connections += 1
            others = [other for other in server.waiting if not hung_up(other)]
            server.most_open = max(server.most_open, len(others) + 1)
            server.waiting.add(self.request)
        select.select([self.request], [], [])
        # From the answer on it is the client's turn: it may hang up and come again at once.
        with server.lock:
            server.waiting.remove(self.request)
        if hello := self.request.recv(65536):
            self.answer(hello)

    def answer(self, hello):
        if self.server.misbehave:
            self.server.misbehave(self.request)
            return
        version = struct.unpack_from(">H", hello, 9)[0]
        # The suites follow the session id, which may be empty (RFC 5246 section 7.4.1.2).
        suites = 44 + hello[43]
        length = struct.unpack_from(">H", hello, suites)[0]
        offered = struct.unpack_from(f">{length // 2}H", hello, suites + 2)
        if b"\x00\x2b\x00\x03\x02\x03\x04" in hello:
            version = 0x0304
        for suite in self.server.suites.get(version, ()):
            if suite in offered:
                body = struct.pack(">H", version) + bytes(32) + b"\0" + struct.pack(">HB", suite, 0)
                message = b"\x02\0" + struct.pack(">H", len(body)) + body
                self.request.sendall(b"\x16\x03\x03" + struct.pack(">H", len(message)) + message)
                return
        self.request.sendall(b"\x15\x03\x03\0\x02\x02\x28")


@contextlib.contextmanager
def chooser(suites, misbehave=None):
    server = Chooser(suites, misbehave)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


# --- what passes --------------------------------------------------------------------------------

def test_a_strict_openssl_server(tmp_path, probe):
    with s_server(tmp_path, "-tls1_2", "-serverpref", "-cipher",
                  "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256",
                  "-curves", "P-256:P-384") as port:
        service = probe(port)
    assert service["status"] == "ok", service["remarks"]
    assert versions(service) == {"TLS1.2": [AES256, AES128]}
    assert service["versions"][0]["server_order"] is True
    assert service["preferred_cipher"] == AES256
    assert service["negotiated_cipher"] == AES256
    assert service["groups"] == ["P-256", "P-384"]
    assert service["certificates"] == ["CN=kube-apiserver: RSA 2048, SHA256"]
    assert service["rejected"] == []


def test_a_strict_go_server_that_demands_a_client_certificate(tmp_path, probe, go_server):
    with go_server(tmp_path, "strict") as port:
        service = probe(port)
    assert service["status"] == "ok", service["remarks"]
    assert sorted(versions(service)["TLS1.2"]) == [AES128, AES256]
    assert service["asks_for_client_certificate"] is True
    assert service["groups"] == ["P-256", "P-384"]


def test_tls13_alone(tmp_path, probe):
    with s_server(tmp_path, "-tls1_3", "-serverpref", "-ciphersuites",
                  "TLS_AES_256_GCM_SHA384:TLS_AES_128_GCM_SHA256", "-curves", "P-521:P-256",
                  files=certificate(tmp_path, "ec", "-pkeyopt", "ec_paramgen_curve:P-256")) as port:
        service = probe(port, "127.0.0.1")
    assert service["status"] == "ok", service["remarks"]
    assert versions(service) == {"TLS1.3": ["TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256"]}
    assert service["groups"] == ["P-256", "P-521"]
    assert service["certificates"] == ["CN=kube-apiserver: EC P-256, SHA256"]


def test_rsa_key_transport_is_warned_of(tmp_path, probe):
    with s_server(tmp_path, "-tls1_2", "-cipher",
                  "ECDHE-RSA-AES128-GCM-SHA256:AES128-GCM-SHA256:@SECLEVEL=0",
                  "-curves", "P-256") as port:
        service = probe(port)
    assert service["status"] == "warning"
    assert errors(service) == []
    assert "TLS_RSA_WITH_AES_128_GCM_SHA256" in service["remarks"][0]["what"]


def test_nginx(tmp_path, probe):
    with nginx(tmp_path, "ssl_protocols TLSv1.2; ssl_prefer_server_ciphers on; ssl_ecdh_curve "
               "secp384r1; ssl_ciphers ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384;"
               ) as port:
        service = probe(port)
    assert service["status"] == "ok", service["remarks"]
    assert versions(service) == {"TLS1.2": [AES128, AES256]}
    assert service["groups"] == ["P-384"]


# --- what fails ---------------------------------------------------------------------------------

def test_nginx_as_it_comes(tmp_path, probe):
    with nginx(tmp_path, "") as port:
        service = probe(port)
    assert service["status"] == "failed"
    assert "TLS_RSA_WITH_AES_128_CBC_SHA" in service["rejected"]
    assert any("X25519" in error for error in errors(service))


def test_go_as_it_comes(tmp_path, probe, go_server):
    with go_server(tmp_path, "default") as port:
        service = probe(port)
    assert service["status"] == "failed"
    assert "TLS_RSA_WITH_3DES_EDE_CBC_SHA" in service["rejected"]
    assert "accepts TLS1.0" in errors(service) and "accepts TLS1.1" in errors(service)


def test_an_old_openssl_server(tmp_path, probe):
    with s_server(tmp_path, "-cipher", "ALL:COMPLEMENTOFALL:@SECLEVEL=0") as port:
        service = probe(port)
    assert service["status"] == "failed"
    assert list(versions(service)) == ["TLS1.3", "TLS1.2", "TLS1.1", "TLS1.0"]
    assert "TLS_RSA_WITH_NULL_SHA256" in service["rejected"]
    assert "TLS_DH_anon_WITH_AES_128_CBC_SHA" in service["rejected"]


@pytest.mark.parametrize("suite, name", [
    (0x000A, "TLS_RSA_WITH_3DES_EDE_CBC_SHA"), (0xC012, "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA"),
    (0x0005, "TLS_RSA_WITH_RC4_128_SHA"), (0x0004, "TLS_RSA_WITH_RC4_128_MD5"),
    (0x0002, "TLS_RSA_WITH_NULL_SHA"), (0x003B, "TLS_RSA_WITH_NULL_SHA256"),
    (0x0003, "TLS_RSA_EXPORT_WITH_RC4_40_MD5"), (0x0008, "TLS_RSA_EXPORT_WITH_DES40_CBC_SHA"),
    (0x0009, "TLS_RSA_WITH_DES_CBC_SHA"),
])
def test_a_suite_that_no_library_speaks_any_more(probe, suite, name):
    with chooser({0x0303: [0xC030, suite]}) as server:
        service = probe(server.server_address[1])
        assert versions(service) == {"TLS1.2": [AES256, name]}
        assert service["rejected"] == [name]
        assert service["status"] == "failed"
        assert server.most_open == 1, "connections were made side by side"
        assert server.connections < 60


def test_ssl3(probe):
    with chooser({0x0300: [0x0005]}) as server:
        service = probe(server.server_address[1])
    assert versions(service) == {"SSL3": ["TLS_RSA_WITH_RC4_128_SHA"]}
    assert "accepts SSL3" in errors(service)


@pytest.mark.parametrize("kind, digest, why", [
    (("rsa:1024",), "sha256", "RSA of 1024 bits"),
    (("rsa:2048",), "sha1", "signed with SHA1"),
    (("ed25519",), "sha256", "ED25519"),
    (("ec", "-pkeyopt", "ec_paramgen_curve:secp256k1"), "sha256", "secp256k1"),
])
def test_a_certificate_that_is_not_approved(tmp_path, probe, kind, digest, why):
    files = signed_certificate(tmp_path, digest, *kind)
    with s_server(tmp_path, "-cipher", "ALL:@SECLEVEL=0", files=files) as port:
        service = probe(port)
    assert service["status"] == "failed"
    assert any(why in error for error in errors(service)), errors(service)


# --- what is no service -------------------------------------------------------------------------

def test_nothing_listens(probe):
    service = probe(free_port())
    assert service["status"] == "failed"
    assert "connection refused" in errors(service)[0]


@pytest.mark.parametrize("words", [b"SSH-2.0-OpenSSH_8.0\r\n", b"HTTP/1.1 400 Bad Request\r\n\r\n",
                                   b"\x16\x03\x03\x40\x00" + bytes(16384), b"\x16\x03\x03\0\0"],
                         ids=["ssh", "http", "zeros", "empty record"])
def test_something_else_listens(probe, words):
    with chooser({}, misbehave=lambda connection: connection.sendall(words)) as server:
        service = probe(server.server_address[1])
        assert server.connections < 10
    assert service["status"] == "failed"


def test_a_server_that_never_answers_does_not_hold_us(probe):
    with chooser({}, misbehave=lambda connection: time.sleep(60)) as server:
        started = time.monotonic()
        service = probe(server.server_address[1])
        assert time.monotonic() - started < 40
    assert service["status"] == "failed"


def test_names_are_not_looked_up(probe):
    service = probe(443, host="example.org")
    assert service["status"] in ("failed", "unknown")
    assert "numeric" in errors(service)[0]
