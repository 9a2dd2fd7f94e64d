export {
  APPROVAL_FORMAT,
  type ApprovalRecord,
  type DeployedModel,
  isApprovalOf,
  type SignedApproval,
  signApproval,
  verifyApproval,
} from './approval';
export { peopleOf, personOf, requireAppointed, requireSecondPerson } from './second-person';
