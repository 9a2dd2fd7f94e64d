# What CodeBuild builds enclave images in. Build it once, push it to ECR, and give EnclaveImagePipeline its digest:
#   docker build --build-arg BASE=REGISTRY/amazonlinux@sha256:... --file builder.Dockerfile .
# Amazon Linux 2023 of a certain release installs from the repositories of that release, so BASE pins every package.
ARG BASE
FROM ${BASE}
RUN dnf install -y --setopt=install_weak_deps=False \
      aws-nitro-enclaves-cli-1.4.2-0.amzn2023 \
      aws-nitro-enclaves-cli-devel-1.4.2-0.amzn2023 \
      awscli-2 createrepo_c diffutils docker dnf-plugins-core gawk nodejs22 openssl tar unzip
# What hosts install, as a repository of its own: they reach no other.
RUN dnf download --resolve --alldeps --destdir /opt/host-packages aws-nitro-enclaves-cli-1.4.2-0.amzn2023 nodejs22 \
    && createrepo_c /opt/host-packages \
    && tar --create --file /opt/host-packages.tar --directory /opt/host-packages . \
    && rm -r /opt/host-packages && dnf clean all
