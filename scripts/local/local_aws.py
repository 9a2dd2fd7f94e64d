"""moto_server with one fault of moto 5.2.1 mended: its CloudFormation makes every KMS key a symmetric one, and fails
half-way through a stack whose key has tags, because its KMS reads TagKey where CloudFormation gives Key."""

import sys

from moto.kms.models import Key, kms_backends
from moto.server import main


def create_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name, **kwargs):
    properties = cloudformation_json["Properties"]
    key = kms_backends[account_id][region_name].create_key(
        policy=properties["KeyPolicy"],
        key_usage=properties.get("KeyUsage", "ENCRYPT_DECRYPT"),
        key_spec=properties.get("KeySpec", "SYMMETRIC_DEFAULT"),
        description=properties.get("Description"),
        tags=[{"TagKey": tag["Key"], "TagValue": tag["Value"]} for tag in properties.get("Tags", [])],
    )
    key.key_rotation_status = properties.get("EnableKeyRotation", False)
    return key


Key.create_from_cloudformation_json = classmethod(create_from_cloudformation_json)

main(sys.argv[1:])
