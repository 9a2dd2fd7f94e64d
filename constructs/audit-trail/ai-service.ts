/** AI services whose calls are recorded one by one, beside the management events of every service. */
export enum AiService {
  /** Amazon Bedrock: models, guardrails, agents, flows and knowledge bases. */
  BEDROCK = 'bedrock',
  /** Amazon Bedrock AgentCore: runtimes and gateways. */
  BEDROCK_AGENTCORE = 'bedrock-agentcore',
  /** Amazon SageMaker AI: endpoints, the feature store and experiments. */
  SAGEMAKER = 'sagemaker',
}

/**
 * Data-event resource types per service (AWS CloudTrail User Guide, "Logging data events", November 2026). A type
 * that `PutEventSelectors` does not know fails the deployment, so one is added only from that table.
 *
 * InvokeModel and Converse are management events, which the trail records anyway; SageMaker's InvokeEndpoint is not
 * recorded by CloudTrail at all, only InvokeEndpointWithResponseStream is. `AWS::Bedrock::Prompt` is rejected.
 */
export const DATA_EVENT_TYPES: Readonly<Record<AiService, readonly string[]>> = {
  [AiService.BEDROCK]: [
    'AWS::Bedrock::AgentAlias',
    'AWS::Bedrock::AsyncInvoke',
    'AWS::Bedrock::FlowAlias',
    'AWS::Bedrock::Guardrail',
    'AWS::Bedrock::InlineAgent',
    'AWS::Bedrock::KnowledgeBase',
    'AWS::Bedrock::Model',
  ],
  [AiService.BEDROCK_AGENTCORE]: [
    'AWS::BedrockAgentCore::Gateway',
    'AWS::BedrockAgentCore::Runtime',
    'AWS::BedrockAgentCore::RuntimeEndpoint',
  ],
  [AiService.SAGEMAKER]: [
    'AWS::SageMaker::Endpoint',
    'AWS::SageMaker::ExperimentTrialComponent',
    'AWS::SageMaker::FeatureGroup',
  ],
};
