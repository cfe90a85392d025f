# The Debian 12 packages that this project needs, by what needs them. A package stands in one list.

# To build konvoy-image and dkp-fips-tool.
build_packages=(
  ca-certificates ccache cmake g++ git libarchive-dev libcli11-dev libcurl4-openssl-dev libfmt-dev
  libpcre2-dev libspdlog-dev libssl-dev libyaml-cpp-dev lld ninja-build nlohmann-json3-dev
  doctest-dev pkg-config
  # static libraries for dkp-fips-tool
  libacl1-dev libbz2-dev liblz4-dev liblzma-dev libzstd-dev nettle-dev zlib1g-dev
)

# What the commands themselves call on the machine they run on.
run_packages=(
  golang-1.19-go gpg gpgv openssh-client rpm
)

# To test: sanitizers, fuzzers, linters, and the real parts that the end-to-end tests use.
test_packages=(
  busybox-static clang clang-format clang-tidy cpio createrepo-c dash dnf dracut-core e2fsprogs
  gnupg grub-common grub2-common iproute2 libclang-rt-14-dev libengine-pkcs11-openssl mmdebstrap
  nginx-light openscap-scanner openssh-server openssl packer procps python3 python3-jinja2
  python3-jsonschema python3-pytest python3-yaml qemu-system-x86 qemu-utils rsync softhsm2
  ssg-nondebian sudo systemd-container util-linux xz-utils zstd
)

# To measure against.
bench_packages=(
  ansible
)
