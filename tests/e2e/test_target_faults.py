"""What goes wrong with hosts, each for real: keys, networks, disks, killed programs."""

import hashlib
import os
import signal
import socket
import subprocess
import threading
import time

import hosts
import targets


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_wrong_key_is_refused(testbed, tmp_path):
    subprocess.run(["ssh-keygen", "-q", "-t", "rsa", "-N", "", "-f", tmp_path / "other"], check=True)
    with testbed.host() as host, targets.ssh(host, key=tmp_path / "other") as target:
        assert target.opened["error"] == "unreachable"
        assert "refused the login" in target.opened["message"]


def test_an_old_encrypted_key_gets_the_command_that_converts_it(testbed, tmp_path):
    key = tmp_path / "old"
    subprocess.run(["openssl", "genrsa", "-traditional", "-aes128", "-passout", "pass:word",
                    "-out", key, "2048"], check=True, capture_output=True)
    key.chmod(0o600)
    assert "Proc-Type: 4,ENCRYPTED" in key.read_text()
    with testbed.host() as host, targets.ssh(host, key=key) as target:
        assert "old PEM form" in target.opened["message"]
        assert f"ssh-keygen -p -m PKCS8 -f '{key}'" in target.opened["hint"]


def test_host_keys_are_strict_and_learned_on_request(testbed, tmp_path):
    with testbed.host() as host:
        known = tmp_path / "known_hosts"
        with targets.ssh(host, known_hosts=known) as target:
            assert "is not known" in target.opened["message"]
            assert "--ssh-accept-new" in target.opened["hint"]
        with targets.ssh(host, known_hosts=known, accept_new="1") as target:
            assert target.opened == {"ready": True}
        with targets.ssh(host, known_hosts=known) as target:
            assert target.opened == {"ready": True}
        host.run(["sh", "-c", "rm /etc/ssh/ssh_host_*; ssh-keygen -A; kill -HUP $(cat /run/sshd.pid)"])
        time.sleep(0.5)
        with targets.ssh(host, known_hosts=known, accept_new="1") as target:
            assert "has changed" in target.opened["message"]
            assert "ssh-keygen -R" in target.opened["hint"]


def test_a_host_that_is_not_there(testbed):
    with testbed.host() as host:
        silent = targets.Target(["ssh", "host=10.98.250.250", "user=root", f"key={testbed.key}",
                                 f"known_hosts={host.known_hosts}", "connect_timeout=2"])
        assert silent.opened["error"] == "unreachable"
        assert "10.98.250.250" in silent.opened["message"]
        silent.close()


def test_a_server_that_says_nothing_is_given_up():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        begin = time.monotonic()
        mute = targets.Target(["ssh", "host=127.0.0.1", "config=none", "connect_timeout=2",
                               f"port={server.getsockname()[1]}"])
        assert mute.opened["error"] == "unreachable"
        assert time.monotonic() - begin < 30
        mute.close()


def test_a_full_server_is_tried_again(testbed):
    with testbed.host() as host:
        host.run(["sh", "-c", "echo MaxStartups 1 >>/etc/ssh/sshd_config; kill -HUP $(cat /run/sshd.pid)"])
        time.sleep(0.5)
        with socket.create_connection((host.address, 22)) as waiting:
            assert waiting.recv(4) == b"SSH-"
            with targets.ssh(host) as target:
                assert target.opened["error"] == "unreachable"
                assert target.opened["message"] == f"sshd on the way to '{host.address}' does not greet"
                assert "MaxStartups" in target.opened["hint"]
            threading.Timer(1.5, waiting.shutdown, [socket.SHUT_RDWR]).start()
            with targets.ssh(host) as target:
                assert target.opened == {"ready": True}


def test_a_cut_connection_is_made_again_for_what_may_be_repeated(testbed):
    with testbed.host() as host, targets.ssh(host) as target:
        for call, answer in ((("read", "/etc/hostname"), "content"),
                             (("write", "/etc/after-cut", b"x"), "status")):
            host.cut()
            assert answer in target.call(*call)
        assert host.read("/etc/after-cut") == b"x"


def test_a_command_that_was_cut_is_not_run_again(testbed):
    with testbed.host() as host, targets.ssh(host) as target:
        target.send("run", "sh", "-c", "echo x >> /etc/count; sleep 3")
        hosts.wait_until(lambda: host.exists("/etc/count"), what="the command")
        host.cut()
        answer = target.answer()
        assert answer["error"] == "unreachable"
        assert "is not known" in " ".join(answer["notes"])
        assert target.call("read", "/etc/count")["content"] == b"x\n"


def test_a_detached_command_outlives_cut_connections(testbed):
    with testbed.host() as host, targets.ssh(host) as target:
        target.send("detached", "run-7.step.1", "sh", "-c",
                    "echo start >> /etc/count; sleep 4; echo end >> /etc/count; echo told; exit 5")
        hosts.wait_until(lambda: host.exists("/etc/count"), what="the command")
        for _ in range(3):
            host.cut()
            time.sleep(0.7)
        answer = target.answer()
        assert (answer["status"], answer["out"], answer["interrupted"]) == (5, b"told\n", False)
        assert host.read("/etc/count") == b"start\nend\n"


def test_a_killed_controller_takes_up_its_detached_command(testbed):
    words = ("detached", "run-8.step.1", "sh", "-c",
             "echo start >> /etc/count; sleep 2; echo end >> /etc/count; echo told")
    with testbed.host() as host:
        first = targets.ssh(host)
        first.send(*words)
        hosts.wait_until(lambda: host.exists("/etc/count"), what="the command")
        first.process.send_signal(signal.SIGKILL)
        first.process.wait()
        with targets.ssh(host) as second:
            assert second.call(*words)["out"] == b"told\n"
        assert host.read("/etc/count") == b"start\nend\n"


def test_a_detached_command_whose_process_was_killed_is_interrupted(testbed):
    with testbed.host() as host, targets.ssh(host) as target:
        target.send("detached", "run-9.step.1", "sleep", "60.5")
        runner = hosts.wait_until(lambda: host.processes("actions/run-9.step.1/run"),
                                  what="the runner")
        host.run(["kill", "-KILL", *map(str, runner), *map(str, host.processes("sleep 60.5"))])
        assert target.answer()["interrupted"]
        assert target.call("detached", "run-9.step.1", "true")["interrupted"]
        assert target.call("detached", "run-9.step.2", "true")["status"] == 0


def test_a_reboot_interrupts_a_detached_command(testbed):
    with testbed.host(systemd=True) as host, targets.ssh(host) as target:
        target.send("detached", "run-10.step.1", "sleep", "60")
        hosts.wait_until(lambda: host.processes("^sleep 60"), what="the command")
        host.reboot()
        assert target.answer()["interrupted"]
        assert target.call("read", "/etc/hostname")["content"]


def test_a_full_disk_is_said_and_leaves_the_old_file(testbed, tmp_path):
    with testbed.host(disk_mb=4) as host, targets.ssh(host) as target:
        assert target.call("write", "/etc/file", b"old")["status"] == 0
        host.run(["sh", "-c", "dd if=/dev/zero of=/var/fill bs=1024 2>/dev/null || :"])
        answer = target.call("write", "/etc/file", b"new" * 20000)
        assert answer["error"] == "run"
        assert "no space left on device" in answer["message"]
        host.run(["truncate", "-s", "-1M", "/var/fill"])
        large = tmp_path / "large"
        large.write_bytes(b"x" * 3_000_000)
        answer = target.call("push", large, "/etc/large", sha256(large))
        assert "no space left on device" in answer["message"]
        assert target.call("read", "/etc/file")["content"] == b"old"
        assert host.run(["find", "/etc", "-name", ".konvoy-*"]).stdout == b""
        assert target.call("write", "/etc/file", b"new")["status"] == 0


def test_a_read_only_file_system_is_said(testbed, tmp_path):
    with testbed.host() as host, targets.ssh(host) as target:
        host.run(["sh", "-c", "mkdir /ro; mount -t tmpfs tmpfs /ro; echo old > /ro/file; "
                  "mount -o remount,ro /ro"])
        (tmp_path / "f").write_bytes(b"x")
        digest = sha256(tmp_path / "f")
        for call in (("write", "/ro/file", b"new"), ("mkdir", "/ro/d"), ("link", "/ro/l", "x"),
                     ("remove", "/ro/file"), ("own", "/ro/file", "mode=0600"),
                     ("push", tmp_path / "f", "/ro/g", digest)):
            answer = target.call(*call)
            assert answer["error"] == "run"
            assert "read-only file system" in answer["message"], call
        assert target.call("read", "/ro/file")["content"] == b"old\n"


def test_300_mb_arrive_over_two_cut_connections(testbed, tmp_path):
    large = tmp_path / "large"
    with open(large, "wb") as file:
        piece = os.urandom(1 << 20)
        for number in range(300):
            file.write(number.to_bytes(4, "big") + piece[4:])
    digest = sha256(large)
    with testbed.host() as host, targets.ssh(host, become="root", user="centos") as target:
        target.send("push", large, "/opt/large", digest)

        def arrived(size):
            return lambda: int(host.run(["sh", "-c", "cat /opt/.konvoy-* | wc -c"]).stdout) > size
        for size in (60 << 20, 150 << 20):
            hosts.wait_until(arrived(size), 60, "the file")
            host.cut()
        answer = target.answer()
        assert answer["status"] == 0
        assert answer["events"] > 300
        assert target.call("digest", "/opt/large")["sha256"] == digest
        assert target.call("list", "/opt")["names"] == [b"large"]


def test_a_spoilt_partial_file_is_noticed(testbed, tmp_path):
    file = tmp_path / "file"
    file.write_bytes(os.urandom(1 << 20))
    digest = sha256(file)
    with testbed.host() as host, targets.ssh(host) as target:
        host.write(f"/opt/.konvoy-{digest[:16]}.part", b"another beginning")
        assert target.call("push", file, "/opt/file", digest)["status"] == 0
        assert host.read("/opt/file") == file.read_bytes()
        wrong = target.call("push", file, "/opt/other", "0" * 64)
        assert "another SHA-256" in wrong["message"]
        assert not host.exists("/opt/other")
        assert target.call("list", "/opt")["names"] == [b"file"]


def test_a_link_in_place_of_the_partial_file_is_not_followed(testbed, tmp_path):
    file = tmp_path / "file"
    file.write_bytes(b"new" * 1000)
    digest = sha256(file)
    with testbed.host() as host, targets.ssh(host) as target:
        host.write("/etc/victim", b"untouched")
        host.run(["ln", "-s", "/etc/victim", f"/opt/.konvoy-{digest[:16]}.part"])
        assert target.call("push", file, "/opt/file", digest)["error"] == "run"
        assert host.read("/etc/victim") == b"untouched"


def test_both_sides_end_with_the_controller(testbed):
    with testbed.host() as host:
        with targets.ssh(host) as target:
            assert target.call("run", "true")["status"] == 0
            assert host.processes("IFS= read -r line")
            target.process.send_signal(signal.SIGKILL)
            target.process.wait()
        hosts.wait_until(lambda: not host.processes("IFS= read -r line"), 20, "the end of the loop")
        here = subprocess.run(["pgrep", "-f", f"-- {host.address} exec"], capture_output=True,
                              check=False)
        assert here.stdout == b""


def test_a_host_has_one_lock_that_outlives_no_holder(testbed):
    with testbed.host(systemd=True) as host:
        with targets.ssh(host) as one, targets.ssh(host) as two:
            assert one.call("lock", "run-1") == {"done": True}
            assert one.call("lock", "run-1") == {"done": True}
            refused = two.call("lock", "run-2")
            assert refused["error"] == "run"
            assert "locked by run 'run-1'" in refused["message"]
            assert two.call("unlock", "run-2") == {"done": True}
            assert "locked by run 'run-1'" in two.call("lock", "run-2")["message"]
            assert one.call("unlock", "run-1") == {"done": True}
            assert two.call("lock", "run-2") == {"done": True}
            two.process.send_signal(signal.SIGKILL)
            two.process.wait()
            assert one.call("lock", "run-1") == {"done": True}
            # A holder on another machine keeps its lock until the host has booted.
            holder = "/var/lib/konvoy-image/lock/holder"
            boot = host.read(holder).splitlines()[0].decode()
            host.write(holder, f"{boot}\nrun=far controller=elsewhere/x process=1/1\n")
            assert "locked by run 'far' of elsewhere" in one.call("lock", "run-1")["message"]
            host.reboot()
            assert one.call("lock", "run-1") == {"done": True}


def test_many_calls_at_once_from_many_controllers(testbed):
    with testbed.host() as host:
        answers = []

        def work(number):
            with targets.ssh(host) as target:
                for turn in range(5):
                    target.call("write", f"/etc/many-{number}", f"{turn}".encode())
                answers.append(target.call("read", f"/etc/many-{number}")["content"])
        threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert answers == [b"4"] * 6


def test_forwarding_that_is_forbidden_is_a_check(testbed):
    with testbed.host() as host:
        host.write("/etc/ssh/sshd_config.d/a.conf", "AllowTcpForwarding no\n")
        host.run(["sh", "-c", "kill -HUP $(cat /run/sshd.pid)"])
        time.sleep(0.5)
        with targets.ssh(host) as target:
            answer = target.call("connect", "127.0.0.1", 22, b"x")
            assert answer["error"] == "check"
