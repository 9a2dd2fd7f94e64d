"""moto_server with the faults of moto 5.2.1 mended that a stack of Palisade meets.

- CloudFormation makes every KMS key a symmetric one, and fails half-way through a stack whose key has tags, because
  moto's KMS reads TagKey where CloudFormation gives Key. It takes a parameter's tags for a list where they are a map.
- A stack made by a change set, as cdk makes all of them, exports and imports nothing, and is made in the order of the
  template whatever DependsOn says. It is deleted in that order too, roles before the policies attached to them.
- Versioning of buckets stays off. Every load balancer is for HTTP.
- CloudFormation does not know aliases of functions.
- An event goes to the targets of every schedule, and fails where one is a function. Here it goes nowhere: the scripts
  call what a rule would.
- DynamoDB looks at a condition and then writes: of two who ask at once, both may pass.
- KMS hashes what it signs with ECC keys, though it is told that it gets a digest.
- SageMaker forgets a package's metadata, and does not say who changed it: here the AI approver of the manifests did. It updates
  no endpoint, and gives one that CloudFormation makes a name of its own.

A resource of a type that moto does not know is skipped with a warning; here what refers to its attributes gets a
stand-in instead of an error.
"""

import json
import sys
import threading

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from moto.cloudformation.models import CloudFormationBackend
from moto.cloudformation.parsing import ResourceMap
from moto.core.common_models import CloudFormationModel
from moto.dynamodb.models import DynamoDBBackend
from moto.elbv2.models import FakeLoadBalancer
from moto.events.models import Rule
from moto.iam.models import IAMBackend
from moto.kms.models import Key, kms_backends
from moto.kms.utils import ECDSAPrivateKey
from moto.s3.models import FakeBucket, s3_backends
from moto.sagemaker.models import FakeEndpoint, SageMakerModelBackend
from moto.sagemaker.responses import SageMakerResponse
from moto.server import main
from moto.ssm.models import Parameter


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

execute_change_set = CloudFormationBackend.execute_change_set


def in_order(resources):
    """The resources, each behind what it depends on."""
    ordered = {}

    def place(name):
        if name in resources and name not in ordered:
            depends_on = resources[name].get("DependsOn", [])
            for other in [depends_on] if isinstance(depends_on, str) else depends_on:
                place(other)
            ordered[name] = resources[name]

    for name in resources:
        place(name)
    return ordered


def execute_change_set_with_exports(self, change_set_name, stack_name=None):
    for change_set in self.change_sets.values():
        change_set.template_dict["Resources"] = in_order(change_set.template_dict["Resources"])
    for stack in self.stacks.values():
        stack.resource_map.cross_stack_resources = self.exports
    execute_change_set(self, change_set_name, stack_name)
    for stack in self.stacks.values():
        stack._parse_template()
        stack.output_map = stack._create_output_map()
        for export in stack.exports:
            self.exports[export.name] = export


CloudFormationBackend.execute_change_set = execute_change_set_with_exports

delete_role = IAMBackend.delete_role


def delete_role_with_policies(self, role_name):
    role = self.get_role(role_name)
    for arn in list(role.managed_policies):
        self.detach_role_policy(arn, role_name)
    delete_role(self, role_name)


IAMBackend.delete_role = delete_role_with_policies

create_parameter = Parameter.create_from_cloudformation_json.__func__


def create_parameter_with_tags(cls, resource_name, cloudformation_json, account_id, region_name, **kwargs):
    tags = cloudformation_json["Properties"].get("Tags")
    if isinstance(tags, dict):
        cloudformation_json["Properties"]["Tags"] = [{"Key": key, "Value": value} for key, value in tags.items()]
    return create_parameter(cls, resource_name, cloudformation_json, account_id, region_name, **kwargs)


Parameter.create_from_cloudformation_json = classmethod(create_parameter_with_tags)

create_bucket = FakeBucket.create_from_cloudformation_json.__func__


def create_bucket_with_versions(cls, resource_name, cloudformation_json, account_id, region_name, **kwargs):
    bucket = create_bucket(cls, resource_name, cloudformation_json, account_id, region_name, **kwargs)
    status = cloudformation_json.get("Properties", {}).get("VersioningConfiguration", {}).get("Status")
    if status:
        s3_backends[account_id]["aws"].put_bucket_versioning(bucket.name, status)
    return bucket


FakeBucket.create_from_cloudformation_json = classmethod(create_bucket_with_versions)


create_load_balancer = FakeLoadBalancer.create_from_cloudformation_json.__func__


def create_load_balancer_of_type(cls, resource_name, cloudformation_json, account_id, region_name, **kwargs):
    balancer = create_load_balancer(cls, resource_name, cloudformation_json, account_id, region_name, **kwargs)
    balancer.type = cloudformation_json["Properties"].get("Type", "application")
    return balancer


FakeLoadBalancer.create_from_cloudformation_json = classmethod(create_load_balancer_of_type)


APPROVER = "arn:aws:sts::123456789012:assumed-role/AiApprover/ai.approval@example.com"
update_model_package = SageMakerModelBackend.update_model_package


def update_model_package_as_approver(self, model_package_arn, *rest, **named):
    package = self.describe_model_package(model_package_arn)
    metadata = package.customer_metadata_properties
    arn = update_model_package(self, model_package_arn, *rest, **named)
    package.customer_metadata_properties = package.customer_metadata_properties or metadata
    package.last_modified_by = {"IamIdentity": {"Arn": APPROVER}}
    return arn


SageMakerModelBackend.update_model_package = update_model_package_as_approver


Rule.send_to_targets = lambda self, *event: None


def update_endpoint(self):
    endpoint = self.sagemaker_backend.endpoints[self._get_param("EndpointName")]
    endpoint.endpoint_config_name = self._get_param("EndpointConfigName")
    return json.dumps({"EndpointArn": endpoint.arn})


SageMakerResponse.update_endpoint = update_endpoint

create_endpoint = FakeEndpoint.create_from_cloudformation_json.__func__


def create_endpoint_with_name(cls, resource_name, cloudformation_json, account_id, region_name, **kwargs):
    name = cloudformation_json["Properties"].get("EndpointName", resource_name)
    return create_endpoint(cls, name, cloudformation_json, account_id, region_name, **kwargs)


FakeEndpoint.create_from_cloudformation_json = classmethod(create_endpoint_with_name)

# Everything that Palisade signs with KMS is a digest of SHA-384.
DIGEST = ec.ECDSA(Prehashed(hashes.SHA384()))


def sign_digest(self, message, signing_algorithm):
    return self.private_key.sign(message, DIGEST)


def verify_digest(self, message, signature, signing_algorithm):
    try:
        self.private_key.public_key().verify(signature, message, DIGEST)
        return True
    except InvalidSignature:
        return False


ECDSAPrivateKey.sign = sign_digest
ECDSAPrivateKey.verify = verify_digest


ONE_AT_A_TIME = threading.Lock()
update_item = DynamoDBBackend.update_item


def update_item_alone(self, *args, **named):
    with ONE_AT_A_TIME:
        return update_item(self, *args, **named)


DynamoDBBackend.update_item = update_item_alone


class FunctionAlias(CloudFormationModel):
    """An alias is its ARN: what is called by it, scripts/local/lambda.mjs answers."""

    # moto files models by the second part of this name.
    __module__ = "moto.awslambda.models"

    def __init__(self, arn):
        self.physical_resource_id = arn

    @staticmethod
    def cloudformation_type():
        return "AWS::Lambda::Alias"

    @classmethod
    def create_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name, **kwargs):
        properties = cloudformation_json["Properties"]
        place = f"arn:aws:lambda:{region_name}:{account_id}:function"
        return cls(f"{place}:{properties['FunctionName']}:{properties['Name']}")


class StandIn:
    """Attributes of a resource that moto does not make."""

    def __init__(self, name):
        self.name = name

    def get_cfn_attribute(self, attribute):
        value = f"{self.name}.{attribute}"
        return f"arn:aws:standin:eu-west-1:123456789012:{value}" if attribute.endswith("Arn") else value


def resource_or_stand_in(self, name, default=None):
    resource = self[name] if name in self else None
    if resource is None and name in self._resource_json_map:
        return StandIn(name)
    return resource if resource is not None else default


ResourceMap.get = resource_or_stand_in

main(sys.argv[1:])
