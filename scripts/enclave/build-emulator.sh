#!/usr/bin/env bash
# Builds the machine that the enclave proof runs on, from Debian's packages, as root on Debian 12: QEMU with the machine
# `nitro-enclave`, which Debian builds without libcbor and so without it, and a kernel that has the NSM driver. Some five
# minutes; nothing to do where the folder holds the same versions already.
#
#   scripts/enclave/build-emulator.sh [FOLDER]      default: ${XDG_CACHE_HOME:-~/.cache}/palisade-enclave
#
# FOLDER gets qemu-system-x86_64, firmware/, vmlinuz, modules/ (of the NSM and of vsock), busybox and VERSIONS.
set -euo pipefail

folder=$(realpath -m "${1:-${XDG_CACHE_HOME:-$HOME/.cache}/palisade-enclave}")
suite=bookworm-backports
export DEBIAN_FRONTEND=noninteractive

fail() {
  echo "build-emulator: $*" >&2
  exit 1
}

. /etc/os-release
[ "${VERSION_CODENAME:-}" = bookworm ] && [ "$(dpkg --print-architecture)" = amd64 ] || fail 'needs Debian 12 on x86_64'
[ "$(id -u)" = 0 ] || fail 'needs root, to install packages'

if ! grep -rqs "$suite" /etc/apt/sources.list /etc/apt/sources.list.d; then
  mirror=$(grep -rhoE 'https?://\S+/debian/?( |$)' /etc/apt/sources.list /etc/apt/sources.list.d | head -n 1 || true)
  cat >/etc/apt/sources.list.d/palisade-backports.sources <<END
Types: deb deb-src
URIs: ${mirror:-http://deb.debian.org/debian}
Suites: $suite
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
END
fi
apt-get update -qq

kernel=$(apt-cache depends "linux-image-cloud-amd64/$suite" | sed -n 's/.*Depends: *//p')
[ -n "$kernel" ] || fail "apt knows no linux-image-cloud-amd64 of $suite"
# URI, file name, size and checksum of the source without Debian's changes. Its description may be gone from the mirror.
read -r uri tarball _ checksum < <(apt-get source --print-uris "qemu/$suite" | tr -d "'" | grep '\.orig\.tar\.xz ') ||
  fail "apt knows no source of qemu in $suite: where its sources name that suite, let them say deb-src as well"
versions="$tarball $kernel"
# A folder that came from a cache may stand on a machine without the libraries.
if [ "$(cat "$folder/VERSIONS" 2>/dev/null)" = "$versions" ] && "$folder/qemu-system-x86_64" -version >/dev/null 2>&1; then
  echo "$folder: $versions"
  exit
fi

apt-get install -y -qq --no-install-recommends bison build-essential busybox-static flex libcbor-dev libfdt-dev \
  libglib2.0-dev libgnutls28-dev libpixman-1-dev ninja-build pkg-config python3-venv qemu-system-data seabios xz-utils
apt-get install -y -qq --no-install-recommends -t "$suite" meson python3-pycotap

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
chmod 755 "$work"
/usr/lib/apt/apt-helper download-file "$uri" "$work/$tarball" "$checksum"
apt-get download -t "$suite" "$kernel"
mkdir source kernel build
tar --extract --file "$tarball" --directory source --strip-components 1
dpkg-deb --extract linux-image-*.deb kernel

# Debian's source lacks the blobs that this would unpack.
sed -i 's/if unpack_edk2_blobs/if false/' source/pc-bios/meson.build
printf 'CONFIG_%s=y\n' MICROVM NITRO_ENCLAVE VIRTIO_RNG VIRTIO_SERIAL VIRTIO_NET VIRTIO_BLK \
  >source/configs/devices/x86_64-softmmu/nitro.mak
cd build
../source/configure --python=/usr/bin/python3 --target-list=x86_64-softmmu --without-default-features \
  --without-default-devices --with-devices-x86_64=nitro --enable-tcg --enable-fdt=system --enable-gnutls \
  --enable-libcbor --enable-vhost-user --enable-vhost-kernel --enable-pixman --disable-docs --disable-tools \
  --disable-guest-agent --disable-install-blobs --disable-kvm
nice ninja qemu-system-x86_64
strip qemu-system-x86_64
./qemu-system-x86_64 -machine help | grep -q nitro-enclave

made=$work/made
mkdir -p "$made/firmware" "$made/modules"
cp qemu-system-x86_64 /bin/busybox "$made"
cp /usr/share/seabios/bios-microvm.bin /usr/share/qemu/linuxboot_dma.bin /usr/share/qemu/pvh.bin "$made/firmware"
cp "$work"/kernel/boot/vmlinuz-* "$made/vmlinuz"
for module in drivers/virtio/virtio_mmio drivers/misc/nsm net/vmw_vsock/vsock \
  net/vmw_vsock/vmw_vsock_virtio_transport_common net/vmw_vsock/vmw_vsock_virtio_transport; do
  xz --decompress --stdout "$work"/kernel/lib/modules/*/kernel/"$module".ko.xz >"$made/modules/$(basename "$module").ko"
done
# The stamp last. Only what was made here goes: the folder may be anybody's.
mkdir -p "$folder"
rm -f "$folder/VERSIONS"
cp -R "$made/." "$folder"
echo "$versions" >"$folder/VERSIONS"
sha256sum "$folder/qemu-system-x86_64" "$folder/vmlinuz"
