"""build with builder: disk, without a boot: partitions, volumes and growth. Needs root and loop
devices; rpm, dnf, sfdisk, lvm2, e2fsprogs, xfsprogs and qemu-img are real."""

import json
import os
import pathlib

import disks


def record_of(built):
    return json.loads(pathlib.Path(built["record"]).read_text())


def outcomes(built):
    return {step["step"]: step["outcome"] for step in record_of(built)["hosts"][0]["steps"]}


def left_behind(directory):
    """What a build must not leave: its working directories, half-written files, loop devices."""
    return [path.name for path in pathlib.Path(directory).glob(".konvoy-*")] + \
        disks.loops_of(directory)


def numbers_of(image, offset):
    """What the superblock of an ext4 file system counts."""
    shown = disks.run(["dumpe2fs", "-h", f"{image}?offset={offset}"])
    return {key: int(value) for key, _, value in (line.partition(":") for line in shown.splitlines())
            if value.strip().isdigit()}


def test_a_raw_image_becomes_a_provisioned_qcow2(built_disk):
    assert disks.digest_of(built_disk.base) == built_disk.base_digest
    answer = built_disk.answer
    assert answer["builder"] == "disk" and answer["labels"] == "none"
    assert disks.format_of(answer["result"]) == "qcow2"
    assert answer["digest"] == "sha256:" + disks.digest_of(answer["result"])
    raw, root = built_disk.raw, built_disk.system
    assert "kubelet" in disks.names(raw, root, "/usr/bin")
    assert "gpgcheck=1" in disks.read(raw, root, "/etc/yum.repos.d/kubernetes.repo")
    assert disks.read(raw, root, "/etc/machine-id") == ""
    assert outcomes(answer)["packages/all"] == "changed"
    disks.check(raw, *disks.extents(raw))
    assert left_behind(built_disk.work) == []


def test_the_record_stands_beside_the_image_and_in_it(built_disk):
    answer, base = built_disk.answer, built_disk.base
    record = record_of(answer)
    assert answer["record"] == answer["result"] + ".record.json"
    assert record["build"]["base"] == {
        "path": str(base), "digest": f"sha256:{built_disk.base_digest}", "miniature": False}
    assert record["build"]["digest"] == answer["digest"]
    packages = {one["name"]: one["version"] for one in record["hosts"][0]["packages"]}
    assert packages["kubelet"] == "1.21.3-0.x86_64"
    inside = json.loads(disks.read(built_disk.raw, built_disk.system,
                                   "/var/lib/konvoy-image/record.json"))
    assert inside["hosts"][0]["packages"] == record["hosts"][0]["packages"]
    assert "started" not in inside


def test_blocks_that_nothing_uses_are_not_stored(built_disk):
    numbers = numbers_of(built_disk.raw, built_disk.system)
    used = (numbers["Block count"] - numbers["Free blocks"]) * numbers["Block size"]
    assert os.stat(built_disk.raw).st_blocks * 512 < used + (80 << 20)


def test_volumes_are_found_and_the_last_one_grows(built_disk, tmp_path):
    base = disks.with_volumes(built_disk.node, tmp_path / "base.raw")
    disks.run(["qemu-img", "convert", "-O", "qcow2", base, tmp_path / "base.qcow2"])
    before = disks.volumes(base)
    digest = disks.digest_of(tmp_path / "base.qcow2")
    answer = disks.build("--base", tmp_path / "base.qcow2", "--result", tmp_path / "node.raw",
                         "--extra-vars", "result.format=raw", "--extra-vars", "result.size_gib=2",
                         cwd=tmp_path)
    result = tmp_path / "node.raw"
    assert disks.format_of(result) == "raw" and result.stat().st_size == 2 << 30
    after = disks.volumes(result)
    assert after["var"] == before["var"]
    grown = after["root"][1] - before["root"][1]
    assert grown > 300 << 20
    numbers = numbers_of(result, after["root"][0])
    assert numbers["Block count"] * numbers["Block size"] == after["root"][1]
    disks.check(result, disks.extents(result)[0], *after.values())
    # /var is a volume of its own, and the record is written there.
    assert '"packages"' in disks.read(result, after["var"][0], "/lib/konvoy-image/record.json")
    assert disks.names(result, after["root"][0], "/var") == set()
    assert outcomes(answer)["packages/all"] == "unchanged"
    assert disks.digest_of(tmp_path / "base.qcow2") == digest
    assert left_behind(tmp_path) == []


def test_xfs_grows_too(built_disk, tmp_path):
    base = disks.with_xfs(built_disk.node, tmp_path / "base.raw")
    (extent,) = disks.extents(base)
    disks.build("--base", base, "--result", tmp_path / "node.raw", "--extra-vars",
                "result.format=raw", "--extra-vars", "result.size_gib=1",
                "--extra-vars", "result.free_mib=500", cwd=tmp_path)
    result = tmp_path / "node.raw"
    (grown,) = disks.extents(result)
    assert grown[0] == extent[0] and grown[1] > extent[1] + (300 << 20)
    with disks.loop(result, *grown) as device:
        blocks = disks.run(["xfs_db", "-r", "-c", "sb 0", "-c", "print dblocks", device])
        disks.run(["xfs_repair", "-n", device])
    assert int(blocks.split("=")[1]) * 4096 > extent[1] + (300 << 20)
