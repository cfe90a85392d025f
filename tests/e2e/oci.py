"""OCI image layouts of one image, byte by byte as the OCI image specification 1.0 describes them."""

import hashlib
import io
import json
import pathlib
import tarfile

MEDIA_TYPE = "application/vnd.oci.image"


class Layout:
    """A layout at `directory` with one image; `files` (path -> bytes) are its only layer."""

    def __init__(self, directory, reference, files, architecture="amd64"):
        self.directory = pathlib.Path(directory)
        (self.directory / "blobs/sha256").mkdir(parents=True)
        self.layer = self._blob(_tar({path.lstrip("/"): data for path, data in files.items()}))
        config = self._json({"architecture": architecture, "os": "linux",
                             "rootfs": {"type": "layers", "diff_ids": [self.layer]}})
        self.digest = self._json({
            "schemaVersion": 2, "mediaType": f"{MEDIA_TYPE}.manifest.v1+json",
            "config": self._descriptor("config.v1+json", config),
            "layers": [self._descriptor("layer.v1.tar", self.layer)]})
        (self.directory / "oci-layout").write_text('{"imageLayoutVersion": "1.0.0"}')
        (self.directory / "index.json").write_text(json.dumps(
            {"schemaVersion": 2, "manifests": [{
                **self._descriptor("manifest.v1+json", self.digest),
                "annotations": {"io.containerd.image.name": reference,
                                "org.opencontainers.image.ref.name": reference.split(":")[-1]}}]}))

    def blob(self, digest):
        return self.directory / "blobs/sha256" / digest.removeprefix("sha256:")

    def archive(self, path):
        """The layout as one tar file."""
        with tarfile.open(path, "w") as archive:
            for one in sorted(self.directory.rglob("*")):
                if one.is_file():
                    archive.add(one, str(one.relative_to(self.directory)))
        return path

    def _descriptor(self, kind, digest):
        return {"mediaType": f"{MEDIA_TYPE}.{kind}", "digest": digest,
                "size": self.blob(digest).stat().st_size}

    def _blob(self, content):
        digest = hashlib.sha256(content).hexdigest()
        (self.directory / "blobs/sha256" / digest).write_bytes(content)
        return f"sha256:{digest}"

    def _json(self, value):
        return self._blob(json.dumps(value).encode())


def _tar(files):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for path, content in files.items():
            member = tarfile.TarInfo(path)
            member.size, member.mode = len(content), 0o755
            archive.addfile(member, io.BytesIO(content))
    return buffer.getvalue()
