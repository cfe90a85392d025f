#!/bin/bash
# make-root.sh ROOT PACKAGES: makes a miniature EL 8 root and the signed repository inside it.
#
# It is not CentOS: the system files are copies of this Debian machine's own packages, dressed as
# EL 8, with rpm's database where EL has it. rpm, dnf, the signatures, the transactions and the
# compiled executables are real. PACKAGES lists what the repository must offer, a line each:
# "NAME VERSION-RELEASE". main.go stands beside this script.
set -euo pipefail
export LC_ALL=C
root=$1
packages=$2
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
repository=$root/var/lib/konvoy-miniature/repository
say() { echo "$*" >&2; }

# The Debian packages whose files make the root, with everything that they depend on.
seeds=(bash coreutils createrepo-c dnf findutils grep mawk gzip kmod procps rpm sed systemd tar util-linux)
for seed in "${seeds[@]}"; do
  dpkg-query -W -f='${db:Status-Abbrev}' "$seed" 2>/dev/null | grep -q '^ii' ||
    { say "the Debian package $seed is not installed"; exit 1; }
done

installed() { dpkg-query -W -f='${db:Status-Abbrev} ${Package}\n' | sed -n 's/^ii *//p' | sort -u; }

closure() {
  apt-cache depends --recurse --installed --no-recommends --no-suggests --no-conflicts \
    --no-breaks --no-replaces --no-enhances "${seeds[@]}" |
    sed -n 's/^\([a-z0-9][^ :]*\).*/\1/p' | sort -u | comm -12 - <(installed)
}

copy_system() {
  say "copying the system's files"
  mkdir -p "$root"/{dev,proc,sys,run,tmp,root,boot,etc,var/lib/rpm,var/tmp,opt,usr/{bin,sbin,lib,lib64}}
  for name in bin sbin lib lib64; do ln -sfn "usr/$name" "$root/$name"; done
  chmod 1777 "$root/tmp" "$root/var/tmp"
  closure | xargs dpkg-query -L 2>/dev/null | sort -u |
    grep -vE '^/usr/share/(doc|man|locale|info|lintian|bash-completion)/|^/\.$|^diverted|^package' |
    while IFS= read -r path; do
      if [ -f "$path" ] || [ -L "$path" ]; then printf '%s\0' "${path#/}"; fi
    done >"$work/files"
  # EL's packages bring Python's bytecode; Debian's make it on the machine.
  sed -z -n 's|/[^/]*\.py$|/__pycache__|p' "$work/files" | sort -zu |
    (cd / && xargs -0 sh -c 'find "$@" -name "*.pyc" -print0' sh 2>/dev/null) >>"$work/files" || :
  tar -C / --null --no-recursion -T "$work/files" -cf - 2>/dev/null | tar -C "$root" --keep-directory-symlink -xf -
  cp -a /etc/alternatives "$root/etc/"
  # EL's /bin/sh is bash.
  ln -sfn bash "$root/usr/bin/sh"
  ldconfig -r "$root"
  printf 'root:x:0:0:root:/root:/bin/bash\nnobody:x:65534:65534:nobody:/:/sbin/nologin\n' >"$root/etc/passwd"
  printf 'root:x:0:\nwheel:x:10:\nnogroup:x:65534:\n' >"$root/etc/group"
}

dress_as_el8() {
  rm -f "$root"/etc/{debian_version,os-release}
  cat >"$root/usr/lib/os-release" <<'OS'
NAME="CentOS Linux"
VERSION="8"
ID="centos"
ID_LIKE="rhel fedora"
VERSION_ID="8"
PLATFORM_ID="platform:el8"
PRETTY_NAME="CentOS Linux 8 (miniature, made by konvoy-image)"
VARIANT_ID="konvoy-miniature"
OS
  ln -s ../usr/lib/os-release "$root/etc/os-release"
  echo 'CentOS Linux release 8.4.2105' >"$root/etc/centos-release"
  ln -sf centos-release "$root/etc/redhat-release"
  mkdir -p "$root"/etc/{rpm,yum.repos.d,dnf/{vars,plugins},pki/rpm-gpg,sysconfig,selinux}
  # EL keeps rpm's database here, Debian in the user's home.
  printf '%%_dbpath /var/lib/rpm\n%%_db_backend sqlite\n%%dist .el8\n' >"$root/etc/rpm/macros"
  printf '[main]\ngpgcheck=1\ninstallonly_limit=3\nclean_requirements_on_remove=True\nbest=True\nskip_if_unavailable=False\n' \
    >"$root/etc/dnf/dnf.conf"
  rm -f "$root"/etc/dnf/plugins/local.conf "$root"/etc/yum.repos.d/*
  ln -sf dnf-3 "$root/usr/bin/dnf"
  ln -sf dnf-3 "$root/usr/bin/yum"
  printf 'SELINUX=disabled\n' >"$root/etc/selinux/config"
}

make_key() {
  export GNUPGHOME=$work/gnupg
  mkdir -m 700 "$GNUPGHOME"
  # EL's rpm can't check EdDSA signatures.
  gpg --batch --quiet --pinentry-mode loopback --passphrase '' \
    --quick-generate-key 'konvoy-image miniature repository <miniature@localhost>' rsa3072 sign never
  gpg --batch --armor --export >"$root/etc/pki/rpm-gpg/RPM-GPG-KEY-miniature"
}

compile() {
  local go=${GO:-/usr/lib/go-1.19/bin/go}
  [ -x "$go" ] || { say "there is no $go; it comes with the Debian package golang-1.19-go"; exit 1; }
  say "compiling the executables with BoringCrypto"
  mkdir "$work/go"
  cp "$here/main.go" "$work/go/"
  printf 'module miniature\n\ngo 1.19\n' >"$work/go/go.mod"
  (cd "$work/go" && GOEXPERIMENT=boringcrypto CGO_ENABLED=1 GOFLAGS=-mod=mod GOPROXY=off \
    GOCACHE="${GOCACHE:-$HOME/.cache/go-build}" "$go" build -trimpath -ldflags '-s -w' -o "$work/program" .)
}

# files_of NAME prints "program PATH" for executables and "unit NAME PATH" for their services.
files_of() {
  case $1 in
    kubelet) echo 'program /usr/bin/kubelet'; echo 'unit kubelet /usr/bin/kubelet' ;;
    kubeadm | kubectl) echo "program /usr/bin/$1" ;;
    chrony) echo 'program /usr/sbin/chronyd'; echo 'unit chronyd /usr/sbin/chronyd' ;;
    cri-tools) echo 'program /usr/bin/crictl' ;;
    containerd.io)
      for file in containerd containerd-shim-runc-v2 ctr runc; do echo "program /usr/bin/$file"; done
      echo 'unit containerd /usr/bin/containerd' ;;
    kubernetes-cni) for file in bridge host-local loopback portmap; do echo "program /opt/cni/bin/$file"; done ;;
  esac
}

write_spec() {
  local name=$1 version=$2 release=$3
  local content=$work/content/$name kind first second
  mkdir -p "$content/usr/share/konvoy-miniature"
  echo "$name of the miniature root" >"$content/usr/share/konvoy-miniature/$name"
  while read -r kind first second; do
    case $kind in
      program) install -D -m 0755 "$work/program" "$content$first" ;;
      unit)
        mkdir -p "$content/usr/lib/systemd/system"
        printf '[Unit]\nDescription=%s\n\n[Service]\nExecStart=%s\nRestart=always\n\n[Install]\nWantedBy=multi-user.target\n' \
          "$first" "$second" >"$content/usr/lib/systemd/system/$first.service" ;;
    esac
  done < <(files_of "$name")
  {
    printf 'Name: %s\nVersion: %s\nRelease: %s\nSummary: %s of the miniature root\nLicense: ASL 2.0\nAutoReqProv: no\n' \
      "$name" "$version" "$release" "$name"
    printf '%%description\n%s of the miniature root of konvoy-image.\n%%install\ncp -a %s/. %%{buildroot}/\n%%files\n' "$name" "$content"
    (cd "$content" && find . -type f -printf '/%P\n')
  } >"$work/specs/$name.spec"
}

# What the copied system provides, so that rpm's database knows it.
write_base_spec() {
  {
    printf 'Name: centos-linux-release\nVersion: 8.4\nRelease: 1.2105.el8\nSummary: base of the miniature root\nLicense: GPLv2\nBuildArch: noarch\nAutoReqProv: no\n'
    printf 'Provides: %s\n' /bin/sh /usr/bin/sh /bin/bash 'bash = 4.4.20' 'coreutils = 8.30' \
      'glibc = 2.28' 'systemd = 239' 'rpm = 4.14.3' 'dnf = 4.7.0' 'util-linux = 2.32' \
      'redhat-release = 8.4' 'centos-release = 8.4' 'system-release = 8.4' 'system-release(releasever) = 8'
    printf '%%description\nWhat the miniature root of konvoy-image has without packages.\n%%files\n'
  } >"$work/specs/centos-linux-release.spec"
}

build_packages() {
  say "building the packages"
  mkdir -p "$work/specs" "$repository"
  write_base_spec
  local name version
  while read -r name version; do
    if [ -n "$name" ]; then write_spec "$name" "${version%-*}" "${version##*-}"; fi
  done <"$packages"
  local spec
  for spec in "$work"/specs/*.spec; do
    rpmbuild --quiet --define "_topdir $work/rpmbuild" --define "_rpmdir $repository" \
      --define '_binary_payload w1.gzdio' --define '_build_name_fmt %%{NAME}-%%{VERSION}-%%{RELEASE}.%%{ARCH}.rpm' \
      --define 'debug_package %{nil}' --define '_build_id_links none' --define '__os_install_post %{nil}' \
      --define '_source_filedigest_algorithm 8' --define '_binary_filedigest_algorithm 8' \
      --target x86_64 -bb "$spec" >>"$work/rpmbuild.log" 2>&1 || { tail -20 "$work/rpmbuild.log" >&2; exit 1; }
  done
  rpmsign --define '_gpg_name miniature@localhost' --define '_gpg_digest_algo sha256' \
    --define '__gpg /usr/bin/gpg' --addsign "$repository"/*.rpm >/dev/null 2>&1
  createrepo_c --quiet "$repository"
  gpg --batch --yes --armor --detach-sign "$repository/repodata/repomd.xml"
}

copy_system
dress_as_el8
make_key
compile
build_packages
say "installing the base package"
# Debian's rpm prints a word of advice each time; what is an error stays one.
quiet_rpm() { rpm --root "$root" --define '_dbpath /var/lib/rpm' "$@" 2> >(grep -vE 'use Alien|assuming you know' >&2); }
quiet_rpm --import "$root/etc/pki/rpm-gpg/RPM-GPG-KEY-miniature"
quiet_rpm --nodeps --quiet -i "$repository"/centos-linux-release-*.rpm
gpgconf --kill all
