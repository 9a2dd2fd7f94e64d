#!/usr/bin/env bash
# Makes an instance a host of an enclave. Run once, by user data, which has written host.json beside this. Whatever fails here
# leaves a host that is never healthy, and is replaced.
#
# REGION                              of the instance
# IMAGE PACKAGES MODEL                bucket, key and version of each object, with spaces between
# MODEL_SHA256                        of the sealed model
# ENCLAVE_CPUS ENCLAVE_MEMORY_MIB     what the enclave takes from the instance
# KMS_HOST                            the one name that the enclave may reach
# ROOT                                where the files go (for tests)
set -euo pipefail

ROOT=${ROOT:-}
here=$(dirname "$(realpath "$0")")
opt=$ROOT/opt/palisade
etc=$ROOT/etc/palisade

# The version that was released, not whatever is the latest.
fetch() {
  aws s3api get-object --region "$REGION" --bucket "$1" --key "$2" --version-id "$3" "$4" >/dev/null
}

mkdir -p "$opt/packages" "$etc" "$ROOT/etc/nitro_enclaves"
# shellcheck disable=SC2086  # three words each
fetch $PACKAGES "$opt/packages.tar"
tar --extract --no-same-owner --file "$opt/packages.tar" --directory "$opt/packages"
# No repository of AWS can be reached from here; the packages' own signatures are checked all the same.
dnf install -y --repofrompath="palisade,$opt/packages" --repo=palisade --setopt=palisade.gpgcheck=1 \
  --setopt=palisade.gpgkey=file:///etc/pki/rpm-gpg/RPM-GPG-KEY-amazon-linux-2023 \
  aws-nitro-enclaves-cli nodejs22

# shellcheck disable=SC2086
fetch $IMAGE "$opt/image.eif"
# Only an image that was reviewed; which of them runs, the release says.
digest=$(sha256sum "$opt/image.eif")
digest=${digest%% *}
grep -q "\"eifSha256\": *\"$digest\"" "$etc/host.json"
sed -i "s/@IMAGE_SHA256@/$digest/" "$etc/host.json"
# shellcheck disable=SC2086
fetch $MODEL "$opt/model.sealed"
echo "$MODEL_SHA256  $opt/model.sealed" | sha256sum --check --status

printf -- '---\nmemory_mib: %s\ncpu_count: %s\n' "$ENCLAVE_MEMORY_MIB" "$ENCLAVE_CPUS" \
  >"$ROOT/etc/nitro_enclaves/allocator.yaml"
printf 'allowlist:\n- {address: %s, port: 443}\n' "$KMS_HOST" >"$etc/vsock-proxy.yaml"
echo "KMS_HOST=$KMS_HOST" >"$etc/vsock-proxy.environment"

useradd --system --no-create-home --shell /sbin/nologin palisade
cp "$here"/*.service "$ROOT/etc/systemd/system/"
cp "$here/parent.cjs" "$here"/koffi-linux-*.node "$opt/"
systemctl daemon-reload
systemctl enable --now nitro-enclaves-allocator.service palisade-vsock-proxy.service palisade-agent.service \
  palisade-enclave.service
