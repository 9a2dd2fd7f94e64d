#!/usr/bin/env bash
# Builds, signs, measures and publishes the image of an enclave. Nothing is published unless nitro-cli and palisade
# measure the same.
#
# SYSTEM GENERATION   whose image it is, and what this build of it is called
# REGISTRY            where the Dockerfile finds its base images, as the build argument of the same name
# AWS_REGION          where the enclave will run: the build argument REGION
# PALISADE            S3 URL of the command line
# APPLICATION         S3 URL of the enclave app, zipped: the Dockerfile finds it as palisade/
# BUCKET              takes host-packages.tar, image.eif, measurements.json and measurements.json.sig, each build as new versions
# HOST_PACKAGES       packages that the hosts install, as the builder has them (/opt/host-packages.tar)
# SEAL_KEY            KMS key that signs the measurements (ECDSA, P-384)
# SIGNING_KEY SIGNING_CERTIFICATE   KMS key and certificate (PEM, in the source) that sign the image; both or neither
set -euo pipefail

work=$(mktemp -d)
export NITRO_CLI_ARTIFACTS="$work"
eif="$work/image.eif"
manifest="$work/measurements.json"

stop() {
  echo "$1" >&2
  exit 1
}

# The PCRs of a JSON text, sorted, one a line.
pcrs() {
  grep -oE '"PCR[0-9]+": *"[0-9a-f]+"' "$1" | sed 's/": *"/": "/' | sort
}

publish() {
  aws s3api put-object --bucket "$BUCKET" --key "$(basename "$1")" --body "$1" --checksum-algorithm SHA256 \
    --metadata "generation=$GENERATION" --query VersionId --output text
}

# Base images, and images that files are taken from, are pinned or stages of the same file.
awk '
  function check(image) {
    if (!(image in stages) && image !~ /@sha256:[0-9a-f]+$/) { print "not pinned: " image; open = 1 }
  }
  BEGIN { stages["scratch"] }
  toupper($1) == "FROM" {
    image = 2
    while ($image ~ /^--/) image++
    check($image)
    stages[number++]
    if (toupper($(image + 1)) == "AS") stages[$(image + 2)]
    next
  }
  { for (field = 2; field <= NF; field++) if (sub(/^(--|.*,)from=/, "", $field)) { sub(/,.*/, "", $field); check($field) } }
  END { exit open }
' Dockerfile >&2 || stop 'an image is not pinned by digest'

aws ecr get-login-password | docker login --username AWS --password-stdin "$REGISTRY"
aws s3 cp "$APPLICATION" "$work/application.zip"
unzip -q "$work/application.zip" -d palisade
docker build --build-arg "REGISTRY=$REGISTRY" --build-arg "REGION=$AWS_REGION" --iidfile "$work/image-id" --tag "$SYSTEM:$GENERATION" .

signing=()
if [ -n "${SIGNING_KEY:-}" ]; then
  signing=(--private-key "$SIGNING_KEY" --signing-certificate "$SIGNING_CERTIFICATE")
fi
nitro-cli build-enclave --docker-uri "$SYSTEM:$GENERATION" --output-file "$eif" "${signing[@]}" >"$work/nitro-cli.json"

aws s3 cp "$PALISADE" "$work/palisade.js"
node "$work/palisade.js" eif measure "$eif" --json >"$work/palisade.json"

for register in PCR0 PCR1 PCR2 ${SIGNING_KEY:+PCR8}; do
  # nitro-cli leaves an image unsigned, and succeeds, when it cannot use the key (aws-nitro-enclaves-cli issue 756).
  grep -q "\"$register\"" "$work/palisade.json" || stop "the image has no $register"
done
diff <(pcrs "$work/nitro-cli.json") <(pcrs "$work/palisade.json") >&2 || stop 'nitro-cli and palisade measure differently'

digest=$(sha256sum "$eif")
cat >"$manifest" <<END
{
  "system": "$SYSTEM",
  "generations": [
    {
      "name": "$GENERATION",
      "image": "$(<"$work/image-id")",
      "eifSha256": "${digest%% *}",
      "builtOn": "$(date -u +%F)",
$(pcrs "$work/palisade.json" | sed 's/^/      /; $!s/$/,/')
    }
  ]
}
END
openssl dgst -sha384 -binary -out "$work/digest" "$manifest"
aws kms sign --key-id "$SEAL_KEY" --message "fileb://$work/digest" --message-type DIGEST \
  --signing-algorithm ECDSA_SHA_384 --query Signature --output text | base64 -d >"$manifest.sig"

packages=$(publish "${HOST_PACKAGES:-/opt/host-packages.tar}")
version=$(publish "$eif")
publish "$manifest"
publish "$manifest.sig"
echo "version of host-packages.tar: $packages"
echo "version of image.eif: $version"
cat "$manifest"
