/** A state machine that starts one training job with these parameters: for minimal templates. */
export function machine(Parameters: object) {
  const Resource = 'arn:aws:states:::sagemaker:createTrainingJob.sync';
  const DefinitionString = JSON.stringify({
    StartAt: 'Train',
    States: { Train: { Type: 'Task', Resource, Parameters, End: true } },
  });
  return { Machine: { Type: 'AWS::StepFunctions::StateMachine', Properties: { DefinitionString } } };
}

/** A SageMaker pipeline with these steps: for minimal templates. */
export function pipeline(...Steps: object[]) {
  const PipelineDefinitionBody = JSON.stringify({ Version: '2020-12-01', Steps });
  return {
    Pipeline: { Type: 'AWS::SageMaker::Pipeline', Properties: { PipelineDefinition: { PipelineDefinitionBody } } },
  };
}
