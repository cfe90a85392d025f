# The Debian 12 packages that this project needs, by what needs them. A package stands in one list.

# To build konvoy-image and dkp-fips-tool.
build_packages=(
  ca-certificates ccache cmake g++ git libarchive-dev libcli11-dev libcurl4-openssl-dev libfmt-dev
  libpcre2-dev libspdlog-dev libssl-dev libyaml-cpp-dev lld ninja-build nlohmann-json3-dev
  doctest-dev pkg-config
  # static libraries for dkp-fips-tool
  libacl1-dev libbz2-dev liblz4-dev liblzma-dev libzstd-dev nettle-dev zlib1g-dev
)

# What the commands themselves call on the machine they run on, and what the miniature EL 8 root is
# made of.
run_packages=(
  createrepo-c dnf e2fsprogs fdisk gnupg golang-1.19-go gpg gpgv kmod lvm2 openssh-client procps
  qemu-utils rpm systemd util-linux xfsprogs xz-utils zstd
)

# To make packages of it (CPack).
package_packages=(
  binutils dpkg-dev
)

# To test: sanitizers, fuzzers, linters, and the real parts that the end-to-end tests use.
test_packages=(
  ansible buildah busybox-static clang clang-format clang-tidy containerd cpio dash dracut-core
  golang-github-hashicorp-hcl-v2-dev grub-common
  grub-pc-bin grub2-common iproute2 libclang-rt-14-dev libengine-pkcs11-openssl mmdebstrap nginx-light
  openscap-scanner openscap-utils openssh-server parted openssl packer python3 python3-jinja2 python3-jsonschema
  python3-pytest python3-pytest-xdist python3-yaml qemu-system-x86 rsync seabios softhsm2 ssg-nondebian sudo systemd-container
)
