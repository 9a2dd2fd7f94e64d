/** A view over the trail, and the question that a saved query asks it. */
export interface TrailView {
  /** Name of the view. */
  readonly name: string;
  /** The question, in words. */
  readonly question: string;
  /** Columns in the order in which the view selects them; all are text. */
  readonly columns: readonly string[];
  /** Body of the view. */
  readonly sql: string;
  /** Saved query; its question marks are asked for when it runs. */
  readonly query: string;
}

/** Name of the table over CloudTrail's files. */
export const TRAIL_TABLE = 'trail';

/** Who did it: the role behind a session where there is one, and the session itself. */
const IDENTITY: readonly Column[] = [
  ['event_time', 'eventtime'],
  ['event_name', 'eventname'],
  ['principal_type', 'useridentity.type'],
  [
    'principal_arn',
    'coalesce(useridentity.sessioncontext.sessionissuer.arn, useridentity.arn, useridentity.invokedby)',
  ],
  ['session_arn', 'useridentity.arn'],
];

/** From where, with which result; and the partitions, by which a query is kept small. */
const CIRCUMSTANCE: readonly Column[] = [
  ['error_code', 'errorcode'],
  ['source_ip', 'sourceipaddress'],
  ['vpc_endpoint', 'vpcendpointid'],
  ['event_id', 'eventid'],
  ['region', 'region'],
  ['event_day', 'event_day'],
];

/** Calls that reach a model, an agent, a knowledge base or a guardrail, of every service that offers one. */
const MODEL_CALLS = [
  'ApplyGuardrail',
  'Converse',
  'ConverseStream',
  'InvokeAgent',
  'InvokeAgentRuntime',
  'InvokeEndpoint',
  'InvokeEndpointAsync',
  'InvokeEndpointWithResponseStream',
  'InvokeFlow',
  'InvokeInlineAgent',
  'InvokeModel',
  'InvokeModelWithBidirectionalStream',
  'InvokeModelWithResponseStream',
  'Retrieve',
  'RetrieveAndGenerate',
  'RetrieveAndGenerateStream',
  'StartAsyncInvoke',
];

/** Request parameters that name what was called, the model before what stands around it. */
const MODEL_PARAMETERS = [
  'modelId',
  'endpointName',
  'agentRuntimeArn',
  'agentId',
  'flowIdentifier',
  'knowledgeBaseId',
  'guardrailIdentifier',
];

type Column = readonly [name: string, expression: string];

/** The views of one database. A database name is part of their text, because Athena resolves it there. */
export function trailViews(database: string): readonly TrailView[] {
  const table = `${database}.${TRAIL_TABLE}`;
  return [
    view(database, {
      name: 'dataset_access',
      question: 'Who touched a dataset?',
      columns: [
        ...IDENTITY,
        ['bucket_name', parameter('bucketName')],
        ['object_key', parameter('key')],
        ...CIRCUMSTANCE,
      ],
      source: `${table}\nWHERE eventsource = 's3.amazonaws.com'\n  AND eventcategory = 'Data'`,
      filter: 'bucket_name = ?\n  AND object_key LIKE ?',
    }),
    view(database, {
      name: 'model_calls',
      question: 'Who called a model?',
      columns: [
        ...IDENTITY,
        ['event_source', 'eventsource'],
        ['model', coalesced(...MODEL_PARAMETERS)],
        ...CIRCUMSTANCE,
      ],
      source: [
        `${table}\nWHERE (eventsource LIKE 'bedrock%' OR eventsource LIKE '%sagemaker%')`,
        `  AND eventname IN (${MODEL_CALLS.map((name) => `'${name}'`).join(', ')})`,
      ].join('\n'),
      filter: 'model LIKE ?',
    }),
  ];
}

function view(
  database: string,
  definition: { name: string; question: string; columns: Column[]; source: string; filter: string },
): TrailView {
  const columns = definition.columns.map(([name, expression]) => `${expression} AS ${name}`);
  return {
    name: definition.name,
    question: definition.question,
    columns: definition.columns.map(([name]) => name),
    sql: `SELECT\n  ${columns.join(',\n  ')}\nFROM ${definition.source}`,
    query: [
      `SELECT *\nFROM ${database}.${definition.name}`,
      `WHERE ${definition.filter}`,
      '  AND event_day BETWEEN ? AND ?',
      'ORDER BY event_time DESC\nLIMIT 1000',
    ].join('\n'),
  };
}

/** CloudTrail's request parameters differ per call, so the table keeps them as JSON text. */
function parameter(name: string): string {
  return `json_extract_scalar(requestparameters, '$.${name}')`;
}

function coalesced(...names: string[]): string {
  return `coalesce(${names.map(parameter).join(', ')})`;
}

/**
 * Columns of a CloudTrail event (Amazon Athena User Guide, "Create a table for CloudTrail logs in Athena using
 * partition projection").
 */
export const TRAIL_COLUMNS: readonly { readonly name: string; readonly type: string }[] = [
  { name: 'eventversion', type: 'string' },
  {
    name: 'useridentity',
    type: [
      'struct<type:string,principalid:string,arn:string,accountid:string,invokedby:string,accesskeyid:string,',
      'username:string,onbehalfof:struct<userid:string,identitystorearn:string>,',
      'sessioncontext:struct<attributes:struct<mfaauthenticated:string,creationdate:string>,',
      'sessionissuer:struct<type:string,principalid:string,arn:string,accountid:string,username:string>,',
      'ec2roledelivery:string,webidfederationdata:struct<federatedprovider:string,attributes:map<string,string>>>>',
    ].join(''),
  },
  { name: 'eventtime', type: 'string' },
  { name: 'eventsource', type: 'string' },
  { name: 'eventname', type: 'string' },
  { name: 'awsregion', type: 'string' },
  { name: 'sourceipaddress', type: 'string' },
  { name: 'useragent', type: 'string' },
  { name: 'errorcode', type: 'string' },
  { name: 'errormessage', type: 'string' },
  { name: 'requestparameters', type: 'string' },
  { name: 'responseelements', type: 'string' },
  { name: 'additionaleventdata', type: 'string' },
  { name: 'requestid', type: 'string' },
  { name: 'eventid', type: 'string' },
  { name: 'readonly', type: 'string' },
  { name: 'resources', type: 'array<struct<arn:string,accountid:string,type:string>>' },
  { name: 'eventtype', type: 'string' },
  { name: 'apiversion', type: 'string' },
  { name: 'recipientaccountid', type: 'string' },
  { name: 'serviceeventdetails', type: 'string' },
  { name: 'sharedeventid', type: 'string' },
  { name: 'vpcendpointid', type: 'string' },
  { name: 'vpcendpointaccountid', type: 'string' },
  { name: 'eventcategory', type: 'string' },
  { name: 'tlsdetails', type: 'struct<tlsversion:string,ciphersuite:string,clientprovidedhostheader:string>' },
];

/** Partitions that Athena computes instead of reading: one per Region and day. */
export const TRAIL_PARTITIONS: readonly { readonly name: string; readonly type: string }[] = [
  { name: 'region', type: 'string' },
  { name: 'event_day', type: 'string' },
];
