# What CodeBuild builds enclave images in. Build it once, push it to ECR, and give EnclaveImagePipeline its digest:
#   docker build --build-arg BASE=REGISTRY/amazonlinux@sha256:... --file builder.Dockerfile .
# Amazon Linux 2023 of a certain release installs from the repositories of that release, so BASE pins every package.
ARG BASE
FROM ${BASE}
RUN dnf install -y --setopt=install_weak_deps=False \
      aws-nitro-enclaves-cli-1.4.2-0.amzn2023 \
      aws-nitro-enclaves-cli-devel-1.4.2-0.amzn2023 \
      awscli-2 diffutils docker gawk nodejs22 openssl \
    && dnf clean all
